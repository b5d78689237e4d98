import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fromBufferPromise } from 'yauzl';
import { users } from '#db/schema/index.ts';
import { EXPORT_TABLES } from '#server/contracts/export.ts';
import { EXPORTABLE_REPORTS } from '#server/services/exports/report-registry.ts';
import type { ReportRegistry } from '#server/services/exports/types.ts';
import { zipReports } from '#server/services/exports/zip-reports.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { collect, download, exportDeps } from '#tests/support/exports.ts';
import { seedGeneration, seedUser } from '#tests/support/seed.ts';

const NOW = new Date('2026-11-20T12:00:00Z');
const CANARY = 'canary-91bc';
const SPAN = { from: new Date('2026-11-13T12:00:00Z'), to: NOW, timeZone: 'UTC' };

let database: TestDatabase;
const deps = () => exportDeps(database.handle.db, NOW);

beforeAll(async () => {
  database = await createTestDatabase();
  const { db } = database.handle;
  const userId = await seedUser(db);
  await db.update(users).set({ birthPlace: CANARY, dialog: { step: CANARY, data: { question: CANARY } } });
  for (let hour = 1; hour <= 30; hour += 1) await seedGeneration(db, { startedAt: new Date(NOW.getTime() - hour * 3_600_000), userId, disposition: 'delivered' });
});
afterAll(() => database.drop());

/** The files of a zip, in their order. */
async function unzip(bytes: Buffer): Promise<ReadonlyMap<string, string>> {
  const zip = await fromBufferPromise(bytes, { lazyEntries: true });
  const files = new Map<string, string>();
  for await (const entry of zip.eachEntry()) files.set(entry.fileName, Buffer.concat(await collect(await zip.openReadStreamPromise(entry))).toString('utf8'));
  return files;
}

test('the zip holds every table and every report of the range, each exactly as it is exported alone, and a note', async () => {
  const { fileName, contentType, bytes } = await download(deps(), 'all', 'range=7d');
  expect([fileName, contentType]).toEqual(['adtrobot-reports-2026-11-13-2026-11-20.zip', 'application/zip']);
  const files = await unzip(bytes);
  const wanted = Object.entries(EXPORT_TABLES).flatMap(([name, tables]) => [
    ...tables.map((table) => ({ name, query: `range=7d&table=${table}` })),
    { name, query: 'range=7d&format=json' },
  ]);
  expect(files.size).toBe(wanted.length + 1);
  for (const { name, query } of wanted) {
    const alone = await download(deps(), name, query);
    expect(files.get(alone.fileName)).toBe(alone.text);
  }
  expect(files.get('README.txt')).toContain('From: 2026-11-13T12:00:00+00:00');
  expect([...files.values()].join('\n')).not.toContain(CANARY);
});

test('what narrows one report alone does not narrow the others', async () => {
  const [all, narrowed] = await Promise.all([download(deps(), 'all', 'range=7d'), download(deps(), 'all', 'range=7d&model=a/b&user=7&table=models')]);
  expect(await unzip(narrowed.bytes)).toEqual(await unzip(all.bytes));
});

test('all reports are of the same moment, however long the zip takes', async () => {
  let now = NOW.getTime();
  const ticking = { ...deps(), clock: { now: () => new Date((now += 60_000)) } };
  const files = await unzip((await download(ticking, 'all', 'range=24h')).bytes);
  const ranges = [...files].filter(([name]) => name.endsWith('.json')).map(([, text]) => /"to": "([^"]+)"/.exec(text)?.[1]);
  expect(new Set(ranges).size).toBe(1);
});

test('a report is read when its first file is written, and nothing is read for a reader who has gone', async () => {
  const loaded: string[] = [];
  const entries = Object.entries(EXPORTABLE_REPORTS).map(([name, report]) => {
    const load: typeof report.load = (...args) => {
      loaded.push(name);
      return report.load(...args);
    };
    return [name, { ...report, load }];
  });
  const reports: ReportRegistry = Object.fromEntries(entries);
  const zip = zipReports(deps(), { reports, query: new URLSearchParams(), span: SPAN, language: 'en' });
  zip.destroy();
  await turn();
  expect(loaded.length).toBeLessThanOrEqual(1);
  const whole = zipReports(deps(), { reports, query: new URLSearchParams(), span: SPAN, language: 'en' });
  loaded.length = 0;
  await collect(whole);
  expect(loaded).toEqual(Object.keys(EXPORT_TABLES));
});

test('a report that cannot be read in the middle fails the zip', async () => {
  const broken: ReportRegistry = { ...EXPORTABLE_REPORTS, waste: { ...EXPORTABLE_REPORTS.waste, load: () => Promise.reject(new Error('the database has gone')) } };
  const zip = zipReports(deps(), { reports: broken, query: new URLSearchParams(), span: SPAN, language: 'en' });
  await expect(collect(zip)).rejects.toThrow('the database has gone');
});
