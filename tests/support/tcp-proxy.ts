import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** `up` is towards the server, `down` back to the client. */
export type Direction = 'up' | 'down';

/** A link between a client and a server that a test makes as bad as it wants. */
export interface TcpProxy {
  readonly port: number;
  /** Every byte, and every end, arrives so much later. */
  delay(latencyMs: Readonly<Record<Direction, number>>): void;
  /** Swallows everything in these directions, ends of connections included; who connects is let in all the same. */
  swallow(...directions: readonly Direction[]): void;
  /** Accepts, and hangs up at once. */
  hangUp(): void;
  /** Cuts the connections of all clients by a reset. */
  reset(): void;
  /** A sound link for new bytes; what was swallowed stays lost. */
  heal(): void;
  /** How often somebody has connected. */
  connectionCount(): number;
  close(): Promise<void>;
}

/** Starts a proxy on a free port before a server's port or socket. */
export async function startTcpProxy(target: { readonly port: number } | { readonly path: string }): Promise<TcpProxy> {
  const latencyMs: Record<Direction, number> = { up: 0, down: 0 };
  const swallowed = new Set<Direction>();
  const sockets = new Set<Socket>();
  const clients = new Set<Socket>();
  const timers = new Set<NodeJS.Timeout>();
  let isHangingUp = false;
  let connectionCount = 0;

  const pass = (from: Socket, to: Socket, direction: Direction): void => {
    let lastAtMs = 0;
    const later = (act: () => void): void => {
      // One after the other, also when the delay has just become shorter.
      lastAtMs = Math.max(lastAtMs, performance.now() + latencyMs[direction]);
      const timer = setTimeout(() => {
        timers.delete(timer);
        act();
      }, Math.max(0, lastAtMs - performance.now()));
      timers.add(timer);
    };
    from.on('data', (chunk) => {
      if (!swallowed.has(direction)) later(() => void (to.writable && to.write(chunk)));
    });
    from.on('close', () => {
      sockets.delete(from);
      if (!swallowed.has(direction)) later(() => to.destroy());
    });
    from.on('error', () => undefined);
  };

  const server = createServer((client) => {
    connectionCount += 1;
    if (isHangingUp) {
      client.on('error', () => undefined);
      client.destroy();
      return;
    }
    const upstream = 'path' in target ? connect(target.path) : connect(target.port, '127.0.0.1');
    sockets.add(client).add(upstream);
    clients.add(client);
    client.once('close', () => clients.delete(client));
    pass(client, upstream, 'up');
    pass(upstream, client, 'down');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');

  return {
    port: address.port,
    delay: (next) => void Object.assign(latencyMs, next),
    swallow: (...directions) => directions.forEach((direction) => swallowed.add(direction)),
    hangUp: () => {
      isHangingUp = true;
      for (const socket of sockets) socket.destroy();
    },
    reset: () => {
      for (const client of clients) client.resetAndDestroy();
    },
    heal: () => {
      swallowed.clear();
      isHangingUp = false;
      Object.assign(latencyMs, { up: 0, down: 0 });
    },
    connectionCount: () => connectionCount,
    async close() {
      for (const timer of timers) clearTimeout(timer);
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
