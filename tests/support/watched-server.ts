import { createTestDatabase } from './database.ts';
import { eventually, findFreePort, spawnServer, type ServerProcess } from './processes.ts';

/** The built server with a second listener, in whose main loop a debugger can run code. */
export interface WatchedServer {
  readonly server: ServerProcess;
  /** Address of the second listener. */
  readonly management: string;
  end(): Promise<void>;
}

/** Starts it on a database of its own, with models that nobody can reach, and waits until it is ready. */
export async function startWatchedServer(): Promise<WatchedServer> {
  const database = await createTestDatabase();
  const port = String(await findFreePort());
  const management = `http://127.0.0.1:${port}`;
  const server = await spawnServer({
    DATABASE_URL: database.url,
    SESSION_SECRET: 'a-secret-of-this-very-test',
    OPENROUTER_API_KEY: 'sk-or-v1-test-0123456789',
    OPENROUTER_BASE_URL: 'http://127.0.0.1:1',
    MANAGEMENT_PORT: port,
    MANAGEMENT_HOST: '127.0.0.1',
    NODE_OPTIONS: '--inspect=127.0.0.1:0',
  });
  await eventually('readiness', async () => (await fetch(`${management}/health/ready`)).status === 200);
  return {
    server,
    management,
    async end() {
      await server.end();
      await database.drop();
    },
  };
}
