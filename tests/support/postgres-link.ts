import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** `away`: connections are cut and refused; `frozen`: they stay, and nothing passes. */
export type LinkState = 'up' | 'away' | 'frozen';

/** A link to Postgres that a test can break. */
export interface PostgresLink {
  readonly url: string;
  set(state: LinkState): void;
  close(): Promise<void>;
}

const DEFAULT_PORT = 5_432;

export async function startPostgresLink(url: string): Promise<PostgresLink> {
  const target = new URL(url);
  const port = Number(target.port || DEFAULT_PORT);
  const socketDir = target.searchParams.get('host');
  const pairs = new Set<readonly [Socket, Socket]>();
  let state: LinkState = 'up';

  const apply = () => {
    for (const [client, postgres] of pairs) {
      if (state === 'away') {
        client.destroy();
        postgres.destroy();
        continue;
      }
      for (const socket of [client, postgres]) {
        if (state === 'frozen') socket.pause();
        else socket.resume();
      }
    }
  };
  const server: Server = createServer((client) => {
    if (state === 'away') return void client.destroy();
    const postgres = socketDir ? connect(`${socketDir}/.s.PGSQL.${port}`) : connect(port, target.hostname);
    const pair = [client, postgres] as const;
    pairs.add(pair);
    client.on('data', (chunk) => postgres.write(chunk)).on('error', () => postgres.destroy()).on('close', () => postgres.destroy());
    postgres.on('data', (chunk) => client.write(chunk)).on('error', () => client.destroy()).on('close', () => {
      pairs.delete(pair);
      client.destroy();
    });
    apply();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const linked = new URL(url);
  linked.searchParams.delete('host');
  linked.hostname = '127.0.0.1';
  linked.port = String(portOf(server));
  return {
    url: linked.href,
    set(next) {
      state = next;
      apply();
    },
    close: () =>
      new Promise((resolve) => {
        state = 'away';
        apply();
        server.close(() => resolve());
      }),
  };
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('the link has no port');
  return address.port;
}
