import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { openPast } from './load/keep-past.ts';
import { measureSize, type SizeResult } from './measure.ts';
import { renderReports, renderWrites } from './render.ts';
import { readSettings } from './settings.ts';
import { measureWrites, type WritesResult } from './writes/measure-writes.ts';

/*
 * `npm run bench:reports`: lays down ninety days of use, builds the rollups, and asks every report beside plain SQL and DuckDB;
 * then writes with the rollups kept and without. It prints tables and writes a file; it judges nothing, and removes what it made.
 */
const DATA_DIR = '.data';
const REPORT_FILE = 'build/bench-report-reports.json';

const startedAt = performance.now();
const note = (line: string) => process.stderr.write(`[${((performance.now() - startedAt) / 1_000).toFixed(0)} s] ${line}\n`);

async function measureReports(dir: string, isKept: boolean): Promise<SizeResult[]> {
  const results: SizeResult[] = [];
  for (const size of sizes) {
    const sizeDir = join(dir, `${size.ledgerCount}-of-${size.userCount}`);
    const past = await openPast(sizeDir, size, note);
    try {
      results.push(await measureSize(past, sizeDir, note));
    } finally {
      await past.stop();
    }
    if (!isKept) await rm(sizeDir, { recursive: true, force: true });
  }
  return results;
}

async function measureWriting(dir: string): Promise<WritesResult> {
  const writesDir = join(dir, 'writes');
  await rm(writesDir, { recursive: true, force: true });
  return measureWrites(writesDir, note).finally(() => rm(writesDir, { recursive: true, force: true }));
}

const { sizes, dataDir } = readSettings(process.env);
const asked = process.argv.slice(2);
const isAsked = (name: string) => asked.length === 0 || asked.includes(name);
const { version: node, platform } = process;
const machine = { coreCount: availableParallelism(), cpu: cpus()[0]?.model ?? 'unknown', node, platform, loadBefore: loadavg()[0] };
await mkdir(DATA_DIR, { recursive: true, mode: 0o700 });
const dir = dataDir === null ? await mkdtemp(resolve(DATA_DIR, 'bench-reports-')) : resolve(dataDir);
try {
  const writes = isAsked('writes') ? await measureWriting(dir) : null;
  const results = isAsked('reports') ? await measureReports(dir, dataDir !== null) : [];
  await mkdir('build', { recursive: true });
  await writeFile(REPORT_FILE, `${JSON.stringify({ at: new Date().toISOString(), machine, results, writes }, null, 2)}\n`);
  // A bench of wrong answers is worth nothing.
  if (results.some(({ reports }) => reports.some(({ fault }) => fault !== null))) process.exitCode = 1;
  process.stdout.write(`\n${[renderReports(results), writes ? renderWrites(writes) : ''].filter(Boolean).join('\n\n')}\n\n`);
} finally {
  if (dataDir === null) await rm(dir, { recursive: true, force: true });
}
const loads = [machine.loadBefore, loadavg()[0]].map((load) => load?.toFixed(1));
process.stdout.write(`${machine.coreCount} cores (${machine.cpu}), Node ${node}, load ${loads.join(' before, ')} after. ${REPORT_FILE} has every value.\n`);
