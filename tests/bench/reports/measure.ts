import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { connectPostgres } from '#db/connect.ts';
import { summarize, type Summary } from '../stats.ts';
import { findFault } from './compare.ts';
import { type Engine, toRow } from './engine.ts';
import type { LoadedPast } from './load/keep-past.ts';
import { daysBefore, type Figures, type PeerRange } from './peers/peer.ts';
import { type Respondent, startRespondent } from './questions.ts';
import { type BenchedReport, RANGE_DAYS, REPORTS } from './reports.ts';

const OUR_ROUNDS = 60;
const WARM_UPS = 10;
const DUCKDB_ROUNDS = 5;
const NAIVE_ROUNDS = 2;

const Answer = z.array(z.record(z.string(), z.string().nullable()));
const Values = z.array(z.number());
const ToldFigures = z.object({ exact: z.record(z.string(), z.string().nullable()), near: z.record(z.string(), z.number().nullable()) });

/** What one report took, in milliseconds. */
export interface ReportResult {
  readonly name: string;
  readonly goalMs: number;
  readonly ours: Summary;
  readonly naive: Summary;
  readonly duckdb: Summary;
  /** Where ours did not tell what the others told; null: nowhere. */
  readonly fault: string | null;
}

export interface SizeResult {
  readonly ledgerCount: number;
  readonly userCount: number;
  readonly loadSeconds: number;
  readonly rebuildSeconds: number;
  readonly databaseBytes: number;
  readonly rollupBytes: number;
  readonly reports: readonly ReportResult[];
  /** What the reading process grew by from its first connection to the end. */
  readonly memoryGrowthBytes: number;
}

/** Measures every report on a loaded database: ours in a process of its own, plain SQL on raw rows, and DuckDB on a copy of them. */
export async function measureSize(past: LoadedPast, dir: string, note: (line: string) => void): Promise<SizeResult> {
  const to = new Date(past.endsAt);
  const range = { from: daysBefore(to, RANGE_DAYS), to };
  const sql = connectPostgres(past.url, { max: 1, onnotice: () => undefined });
  const naive: Engine = { ask: (statements) => askEach(statements, async (statement) => (await sql.unsafe(statement)).map((row) => toRow(row))) };
  const duckdb = await openDuckdb(past, dir, note);
  const reader = startRespondent(resolve(import.meta.dirname, 'reader-process.ts'), [past.url, past.endsAt]);
  try {
    const before = Number(await reader.ask('memory'));
    const reports: ReportResult[] = [];
    for (const [name, report] of Object.entries(REPORTS)) {
      reports.push(await measureReport(name, report, range, { naive, duckdb: duckdb.engine, reader }));
      note(`${name}: ${reports.at(-1)?.fault ?? 'all three tell the same'}`);
    }
    const memoryGrowthBytes = Number(await reader.ask('memory')) - before;
    const [sizes] = await sql`
      select pg_database_size(current_database()) as database_bytes, (
        select sum(pg_total_relation_size(oid)) from pg_class
        where relkind = 'r' and relname ~ '(_rollups|_totals|_sets|_costs|user_days|_deltas)(_slots|_hours(_active|_others)?|_days|_weeks)?$') as rollup_bytes`;
    const { loadSeconds, rebuildSeconds } = past;
    return {
      ledgerCount: past.size.ledgerCount, userCount: past.size.userCount, loadSeconds, rebuildSeconds, reports, memoryGrowthBytes,
      databaseBytes: Number(sizes?.['database_bytes']), rollupBytes: Number(sizes?.['rollup_bytes'] ?? 0),
    };
  } finally {
    await Promise.all([sql.end({ timeout: 5 }), duckdb.stop(), reader.stop()]);
  }
}

interface Contestants {
  readonly naive: Engine;
  readonly duckdb: Engine;
  readonly reader: Respondent;
}

async function measureReport(name: string, { goalMs, peer }: BenchedReport, range: PeerRange, { naive, duckdb, reader }: Contestants): Promise<ReportResult> {
  const statements = peer.statements(range);
  const askOnce = async (engine: Engine) => {
    const startedAt = performance.now();
    const answers = await engine.ask(statements);
    return { ms: performance.now() - startedAt, figures: peer.figures(answers) };
  };
  const rounds = { ours: [] as number[], naive: [] as number[], duckdb: [] as number[] };
  const figures: Figures[] = [ToldFigures.parse(await reader.ask('figures', name))];
  await reader.ask('measure', { report: name, roundCount: WARM_UPS });
  for (let round = 0; round < DUCKDB_ROUNDS; round += 1) {
    rounds.ours.push(...Values.parse(await reader.ask('measure', { report: name, roundCount: OUR_ROUNDS / DUCKDB_ROUNDS })));
    const analytic = await askOnce(duckdb);
    rounds.duckdb.push(analytic.ms);
    if (round >= NAIVE_ROUNDS) continue;
    const scanned = await askOnce(naive);
    rounds.naive.push(scanned.ms);
    figures.push(scanned.figures, analytic.figures);
  }
  const [ours, ...others] = figures;
  const faults = others.flatMap((theirs) => (ours ? (findFault(ours, theirs) ?? []) : []));
  return { name, goalMs, ours: summarize(rounds.ours), naive: summarize(rounds.naive), duckdb: summarize(rounds.duckdb), fault: faults[0] ?? null };
}

async function askEach(statements: Readonly<Record<string, string>>, ask: (statement: string) => Promise<Answer>) {
  const answers: Record<string, Answer> = {};
  for (const [name, statement] of Object.entries(statements)) answers[name] = await ask(statement);
  return answers;
}
type Answer = z.infer<typeof Answer>;

/** DuckDB with a copy of the raw rows; one that was handed over whole before is used again. */
async function openDuckdb(past: LoadedPast, dir: string, note: (line: string) => void): Promise<{ engine: Engine; stop: () => Promise<void> }> {
  const [file, doneFile] = [join(dir, 'rows.duckdb'), join(dir, 'rows.done')];
  if (!existsSync(doneFile)) await rm(file, { force: true });
  const child = startRespondent(resolve(import.meta.dirname, 'duckdb/duckdb-process.ts'), [file, past.url]);
  if (!existsSync(doneFile)) {
    note('handing the rows over to DuckDB');
    await child.ask('fill');
    await writeFile(doneFile, past.endsAt);
  }
  const ask = async (statement: string) => Answer.parse(await child.ask('ask', statement));
  return { engine: { ask: (statements) => askEach(statements, ask) }, stop: () => child.stop() };
}
