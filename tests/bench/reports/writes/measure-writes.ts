import { setTimeout as sleep } from 'node:timers/promises';
import { resolve } from 'node:path';
import type postgres from 'postgres';
import { type DatabaseHandle, openDatabase } from '#db/client.ts';
import { connectPostgres } from '#db/connect.ts';
import { startEmbeddedPostgres } from '#db/embedded.ts';
import { migrateDatabase } from '#db/migrate.ts';
import { foldRollups } from '#server/services/rollups/fold-rollups.ts';
import { medianRatio, summarize, type Summary } from '../../stats.ts';
import { TRANSACTIONS_PER_READING, writeReading } from './writer.ts';

const WRITERS = 32;
const READINGS_PER_WRITER = 60;
const ROUNDS = 6;
/** How often changes are folded while others write: oftener than in service, so that folds fall into every round. */
const FOLD_INTERVAL_MS = 1_000;
const TABLES = ['ai_usage', 'interactions'];

export interface WritesResult {
  /** Transactions per second: with the rollups kept; the same until everything was folded; and without any of it. */
  readonly kept: Summary;
  readonly keptAndFolded: Summary;
  readonly bare: Summary;
  readonly keptRatio: number;
  readonly keptAndFoldedRatio: number;
  readonly deadlockCount: number;
}

/** The cost of keeping rollups at 32 concurrent writers: the same writes with their triggers on, changes folded meanwhile, and off. */
export async function measureWrites(dataDir: string, note: (line: string) => void): Promise<WritesResult> {
  const postgres = await startEmbeddedPostgres({ dataDir, onProgress: note });
  const handle = openDatabase({ url: postgres.url, applicationName: 'adtrobot-bench', statementTimeoutMs: 120_000 });
  const writers = connectPostgres(postgres.url, { max: WRITERS, onnotice: () => undefined });
  try {
    await migrateDatabase(postgres.url, resolve('db/migrations'));
    const values = { kept: [] as number[], keptAndFolded: [] as number[], bare: [] as number[] };
    for (let round = -1; round < ROUNDS; round += 1) {
      for (const isKept of round % 2 === 0 ? [true, false] : [false, true]) {
        await setTriggers(handle.sql, isKept);
        const { writtenMs, foldedMs } = await writeAll(writers, isKept ? handle : null);
        if (round < 0) continue;
        const perSecond = (ms: number) => (WRITERS * READINGS_PER_WRITER * TRANSACTIONS_PER_READING * 1_000) / ms;
        if (!isKept) values.bare.push(perSecond(writtenMs));
        else {
          values.kept.push(perSecond(writtenMs));
          values.keptAndFolded.push(perSecond(foldedMs));
        }
      }
      if (round >= 0) note(`writes: round ${round + 1} of ${ROUNDS}`);
    }
    const [row] = await handle.sql`select deadlocks from pg_stat_database where datname = current_database()`;
    const { kept, keptAndFolded, bare } = values;
    return {
      kept: summarize(kept), keptAndFolded: summarize(keptAndFolded), bare: summarize(bare), deadlockCount: Number(row?.['deadlocks']),
      keptRatio: medianRatio(kept, bare), keptAndFoldedRatio: medianRatio(keptAndFolded, bare),
    };
  } finally {
    await Promise.all([handle.close(), writers.end({ timeout: 5 })]);
    await postgres.stop();
  }
}

/** All triggers that append to the rollups' changes, on or off; those that guard the rows stay as they are. */
async function setTriggers(sql: postgres.Sql, isOn: boolean): Promise<void> {
  const triggers = await sql`
    select tgrelid::regclass::text as name, tgname from pg_trigger
    where not tgisinternal and tgparentid = 0 and tgname ~ 'rollup' and tgrelid::regclass::text = any (${TABLES})`;
  if (triggers.length === 0) throw new Error('there are no triggers that keep rollups');
  const verb = isOn ? 'enable' : 'disable';
  for (const { name, tgname } of triggers) await sql.unsafe(`alter table ${String(name)} ${verb} trigger "${String(tgname)}"`);
  await sql`checkpoint`;
}

/** Milliseconds until all is written, and until all that was written is folded too. */
async function writeAll(writers: postgres.Sql, folding: DatabaseHandle | null): Promise<{ writtenMs: number; foldedMs: number }> {
  const startedAt = performance.now();
  let isWriting = true;
  const fold = async () => {
    while (folding && isWriting) {
      await foldRollups(folding.db);
      await sleep(FOLD_INTERVAL_MS);
    }
  };
  const folded = fold();
  await Promise.all(
    Array.from({ length: WRITERS }, async (_, writer) => {
      for (let index = 0; index < READINGS_PER_WRITER; index += 1) await writeReading(writers, writer * READINGS_PER_WRITER + index);
    }),
  );
  const writtenMs = performance.now() - startedAt;
  isWriting = false;
  const waitedFrom = performance.now();
  await folded;
  const waitedMs = performance.now() - waitedFrom;
  const drainedFrom = performance.now();
  if (folding) await foldRollups(folding.db);
  // The pause of the loop is no work.
  return { writtenMs, foldedMs: writtenMs + Math.max(0, waitedMs - FOLD_INTERVAL_MS) + performance.now() - drainedFrom };
}
