import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const READY_TIMEOUT_MS = 120_000;
const POLL_INTERVAL_MS = 200;
const SETUP_LINK = /https?:\/\/\S+\/setup\S*/;

/**
 * The built server in a process of its own, in sandbox mode on an empty data directory, for the browser tests; outages are
 * told to somebody who listens. Leaves the one-time setup link that it printed in `E2E_SETUP_URL`, and the address of its
 * Postgres in `E2E_DATABASE_URL`. Returns how to stop it.
 */
export default async function startServer(): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'adtrobot-e2e-'));
  const alerts = await startListener();
  const port = process.env['E2E_PORT'] ?? '';
  const server = spawn(process.execPath, ['--enable-source-maps', 'build/server/index.js'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // Nothing else of the developer's environment: a bot token in it would make this a real bot.
    env: { NODE_ENV: 'production', PATH: process.env['PATH'], HOME: process.env['HOME'], HOST: '127.0.0.1', PORT: port, DATA_DIR: dataDir, SANDBOX_USERS: '12', SHUTDOWN_GRACE_SECONDS: '0', ALERT_WEBHOOK_URL: alerts.url },
  });
  let output = '';
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const stop = async (): Promise<void> => {
    if (server.exitCode === null && server.signalCode === null) {
      server.kill('SIGTERM');
      await once(server, 'exit');
    }
    alerts.close();
    await rm(dataDir, { recursive: true, force: true });
  };
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while (!((await isReady(port)) && SETUP_LINK.test(output))) {
    if (server.exitCode !== null || performance.now() > deadline) {
      await stop();
      throw new Error(`The server did not become ready. It printed:\n${output}`);
    }
    await sleep(POLL_INTERVAL_MS);
  }
  process.env['E2E_SETUP_URL'] = SETUP_LINK.exec(output)?.[0];
  process.env['E2E_DATABASE_URL'] = `postgres://postgres@localhost/adtrobot?host=${encodeURIComponent(join(dataDir, 'run'))}`;
  return stop;
}

/** Takes every alert. */
async function startListener(): Promise<{ url: string; close(): void }> {
  const server = createServer((_req, res) => void res.end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.');
  return { url: `http://127.0.0.1:${address.port}/alerts`, close: () => void server.close() };
}

async function isReady(port: string): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
  return response?.ok ?? false;
}
