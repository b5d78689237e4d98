import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectPostgres } from '#db/connect.ts';
import { startEmbeddedPostgres } from '#db/embedded.ts';
import { migrateDatabase } from '#db/migrate.ts';

const READY_TIMEOUT_MS = 120_000;
const POLL_INTERVAL_MS = 200;
const DAY_MS = 86_400_000;
/** For so long the ledger is kept. */
const LEDGER_DAYS = 400;
const SETUP_LINK = /https?:\/\/\S+\/setup\S*/;

/**
 * The built server in a process of its own, in sandbox mode on a data directory that holds nothing but what retention lets go of
 * at once, for the browser tests; outages are told to somebody who listens. Leaves the one-time setup link that it printed in
 * `E2E_SETUP_URL`, and the address of its Postgres in `E2E_DATABASE_URL`. Returns how to stop it.
 */
export default async function startServer(): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'adtrobot-e2e-'));
  await layDownLeftovers(dataDir);
  const alerts = await startListener();
  const port = process.env['E2E_PORT'] ?? '';
  const server = spawn(process.execPath, ['--enable-source-maps', 'build/server/index.js'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // Nothing else of the developer's environment: a bot token in it would make this a real bot.
    env: { NODE_ENV: 'production', PATH: process.env['PATH'], HOME: process.env['HOME'], HOST: '127.0.0.1', PORT: port, DATA_DIR: dataDir, SANDBOX_USERS: '12', SHUTDOWN_GRACE_SECONDS: '0', RETENTION_LEDGER_DAYS: String(LEDGER_DAYS), ALERT_WEBHOOK_URL: alerts.url },
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

/** An attempt and a month of handled updates that are kept no longer. */
async function layDownLeftovers(dataDir: string): Promise<void> {
  const postgres = await startEmbeddedPostgres({ dataDir });
  try {
    await migrateDatabase(postgres.url, 'db/migrations');
    const sql = connectPostgres(postgres.url, { max: 1, onnotice: () => undefined });
    try {
      const at = new Date(Date.now() - 2 * LEDGER_DAYS * DAY_MS);
      await sql`select ensure_interactions_partitions(${at}, ${at})`;
      await sql`insert into ai_usage (request_id, operation, plan, model, status, cost_source, started_at, cost_usd)
        values (gen_random_uuid(), 'tarot_card', 'free', 'vendor/model', 'settled', 'billed', ${at}, 0.001)`;
    } finally {
      await sql.end();
    }
  } finally {
    await postgres.stop();
  }
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
