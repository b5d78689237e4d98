import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { openDatabase } from '#db/client.ts';
import { startEmbeddedPostgres } from '#db/embedded.ts';
import { migrateDatabase } from '#db/migrate.ts';
import { createBootContest } from './boot/contest.ts';
import { runContest, type Contest, type ContestResult } from './contest.ts';
import { createHttpMetricsContest } from './http-metrics/contest.ts';
import { createInboxContest } from './inbox/contest.ts';
import { startBenchTelegram } from './inbox/telegram.ts';
import { createLedgerContest, prepareLedger } from './ledger/contest.ts';
import { createImportContest, createImportMemoryContest } from './ledger-import/contest.ts';
import { createOverviewContest } from './overview/contest.ts';
import { loadHistory } from './overview/load-history.ts';
import { runProbeContests } from './probes/contest.ts';
import { createScrapeContests } from './scrape/contest.ts';
import { renderContest } from './table.ts';

/** Not `build`, which every build empties, and not the system's temporary folder, which may be memory. */
const DATA_DIR = '.data';
const REPORT_FILE = 'build/bench-report.json';
const INBOX_ROUNDS = 4;
const OVERVIEW_ROUNDS = 15;
const BOOT_ROUNDS = 5;
const IMPORT_ROUNDS = 3;
/** What a process takes hardly differs from run to run. */
const IMPORT_MEMORY_ROUNDS = 1;
const LEDGER_ROUNDS = 5;
/** What is measured are differences of a few microseconds. */
const HTTP_METRICS_ROUNDS = 20;
const SCRAPE_ROUNDS = 25;
const PROBE_ROUNDS = 3;
const LEDGER_WRITERS = [1, 8, 32];

const startedAt = performance.now();
const results: ContestResult[] = [];
const note = (line: string) => process.stderr.write(`[${((performance.now() - startedAt) / 1_000).toFixed(0)} s] ${line}\n`);

async function run(contest: Contest): Promise<void> {
  results.push(await runContest(contest, note));
}

/** The real Postgres, as durable as in service, on the disk where the product keeps its own. */
async function withDatabase(dataDir: string, work: (url: string) => Promise<void>): Promise<void> {
  const postgres = await startEmbeddedPostgres({ dataDir, onProgress: note });
  try {
    await migrateDatabase(postgres.url, resolve('db/migrations'));
    await work(postgres.url);
  } finally {
    await postgres.stop();
  }
}

async function measureInbox(databaseUrl: string): Promise<void> {
  const telegram = await startBenchTelegram();
  try {
    await run(createInboxContest({ telegram, databaseUrl, buildDir: 'build/bench', roundCount: INBOX_ROUNDS }));
  } finally {
    await telegram.stop();
  }
}

async function measureLedger(databaseUrl: string): Promise<void> {
  await prepareLedger(databaseUrl);
  for (const writerCount of LEDGER_WRITERS) await run(createLedgerContest(databaseUrl, writerCount, LEDGER_ROUNDS));
  const { sql, close } = openDatabase({ url: databaseUrl });
  const [row] = await sql`select deadlocks from pg_stat_database where datname = current_database()`;
  await close();
  if (Number(row?.['deadlocks']) !== 0) throw new Error(`Postgres broke ${String(row?.['deadlocks'])} deadlocks`);
  note('no deadlock in all of it');
}

async function measureOverview(databaseUrl: string): Promise<void> {
  const handle = openDatabase({ url: databaseUrl, applicationName: 'adtrobot-bench' });
  try {
    note('laying down 30 days of use');
    await loadHistory(handle);
    for (const preset of ['24h', '7d', '30d'] as const) await run(createOverviewContest(handle, preset, OVERVIEW_ROUNDS));
  } finally {
    await handle.close();
  }
}

async function measureImport(dataDir: string, databaseUrl: string): Promise<void> {
  const handle = openDatabase({ url: databaseUrl, applicationName: 'adtrobot-bench' });
  try {
    const bench = { sql: handle.sql, dataDir };
    note('writing and importing a usage log');
    await run(await createImportContest({ ...bench, roundCount: IMPORT_ROUNDS }));
    await run(await createImportMemoryContest({ ...bench, roundCount: IMPORT_MEMORY_ROUNDS }));
  } finally {
    await handle.close();
  }
}

async function measureHttpMetrics(): Promise<void> {
  const { contest, stop } = await createHttpMetricsContest('build/bench', HTTP_METRICS_ROUNDS);
  await run(contest).finally(stop);
}

const ROWS: Readonly<Record<string, (dir: string) => Promise<void>>> = {
  inbox: (dir) => withDatabase(join(dir, 'inbox'), measureInbox),
  overview: (dir) => withDatabase(join(dir, 'overview'), measureOverview),
  ledger: (dir) => withDatabase(join(dir, 'ledger'), measureLedger),
  import: (dir) => withDatabase(join(dir, 'import'), (url) => measureImport(join(dir, 'import'), url)),
  'http-metrics': measureHttpMetrics,
  scrape: async () => {
    for (const contest of createScrapeContests(SCRAPE_ROUNDS)) await run(contest);
  },
  probes: (dir) => runProbeContests(join(dir, 'probes'), PROBE_ROUNDS, run),
  boot: async (dir) => run(await createBootContest(join(dir, 'boot'), BOOT_ROUNDS)),
};

const asked = process.argv.slice(2);
await mkdir(DATA_DIR, { recursive: true, mode: 0o700 });
const dir = await mkdtemp(resolve(DATA_DIR, 'bench-'));
try {
  for (const [name, measure] of Object.entries(ROWS)) if (asked.length === 0 || asked.includes(name)) await measure(dir);
} finally {
  await rm(dir, { recursive: true, force: true });
}
const machine = { coreCount: availableParallelism(), cpu: cpus()[0]?.model ?? 'unknown', node: process.version, platform: process.platform };
await writeFile(REPORT_FILE, `${JSON.stringify({ at: new Date().toISOString(), machine, results }, null, 2)}\n`);
process.stdout.write(`\n${results.map(renderContest).join('\n\n')}\n\n`);
process.stdout.write(`${machine.coreCount} cores (${machine.cpu}), Node ${machine.node}; ratios are the median over rounds. ${REPORT_FILE} has every value.\n`);
