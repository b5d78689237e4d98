import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const READY_TIMEOUT_MS = 120_000;
const POLL_INTERVAL_MS = 200;
const SETUP_LINK = /https?:\/\/\S+\/setup\S*/;

/**
 * The built server in a process of its own, in sandbox mode on an empty data directory, for the browser tests. Leaves the
 * one-time setup link that it printed in `E2E_SETUP_URL`. Returns how to stop it.
 */
export default async function startServer(): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'adtrobot-e2e-'));
  const port = process.env['E2E_PORT'] ?? '';
  const server = spawn(process.execPath, ['--enable-source-maps', 'build/server/index.js'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // Nothing else of the developer's environment: a bot token in it would make this a real bot.
    env: { NODE_ENV: 'production', PATH: process.env['PATH'], HOME: process.env['HOME'], HOST: '127.0.0.1', PORT: port, DATA_DIR: dataDir, SANDBOX_USERS: '12', SHUTDOWN_GRACE_SECONDS: '0' },
  });
  let output = '';
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const stop = async (): Promise<void> => {
    if (server.exitCode === null && server.signalCode === null) {
      server.kill('SIGTERM');
      await once(server, 'exit');
    }
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
  return stop;
}

async function isReady(port: string): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
  return response?.ok ?? false;
}
