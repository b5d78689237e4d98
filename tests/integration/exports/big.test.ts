import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RecordCounter } from '#app/lib/count-records.ts';
import { pageInteractions, pageLedger } from '#db/queries/exports.ts';
import type { ByteSource } from '#server/contracts/export.ts';
import { openExport } from '#server/services/exports/open-export.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { collect, exportDeps } from '#tests/support/exports.ts';
import { COOKIE, startTestServer, type TestServer } from '../../unit/http/test-server.ts';
import { collectGarbage } from '#tests/support/heap.ts';

const NOW = new Date('2026-11-20T12:00:00Z');
const ROW_COUNT = 100_000;
/** Of a file of some 20 MB. */
const HELD_BYTES_MAX = 8_000_000;
const YEAR = 'from=2025-11-20T00:00:00Z&to=2026-11-20T00:00:00Z';

let database: TestDatabase;
let server: TestServer;
/** Pages that were read, for all exports: a page is a statement and a piece of the file. */
let pageCount = 0;

async function* counted(source: ByteSource): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of source) {
      pageCount += 1;
      yield piece;
    }
  } finally {
    source.destroy();
  }
}

beforeAll(async () => {
  database = await createTestDatabase();
  const { db } = database.handle;
  await db.transaction(async (tx) => {
    // What is measured is the reading.
    await tx.execute(sql`set local session_replication_role = replica`);
    await tx.execute(sql`
      insert into ai_usage (request_id, user_id, operation, plan, model, status, cost_usd, cost_source, prompt_tokens, completion_tokens, duration_ms, started_at)
      select gen_random_uuid(), i % 500, 'tarot_card', 'free', 'vendor/model-' || i % 7, 'settled', 0.001, 'billed', 100, 50, 900,
        timestamptz '2025-11-20T00:00:00Z' + i * interval '157 seconds'
      from generate_series(0, ${ROW_COUNT - 1}) i`);
  });
  await db.execute(sql`vacuum analyze ai_usage`);
  const deps = exportDeps(db, NOW);
  server = await startTestServer({}, undefined, null, {}, async (request, { adminId }) => {
    const opened = await openExport(deps, request, adminId);
    return { ...opened, source: Readable.from(counted(opened.source), { objectMode: false, highWaterMark: 1 }) };
  });
});
afterAll(async () => {
  await server.close();
  await database.drop();
});

function open(query: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    httpRequest({ host: '127.0.0.1', port: server.port, path: `/monitoring/export/ledger?${query}`, agent: false, headers: { cookie: COOKIE } }, resolve).on('error', reject).end();
  });
}

/** What is held, garbage left out. */
function heldBytes(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

test('a year of the ledger comes whole, with its number of rows told before, and is never held', async () => {
  const answer = await open(YEAR);
  expect(answer.headers['x-row-count']).toBe(String(ROW_COUNT));
  const counter = new RecordCounter();
  const held: number[] = [];
  let bytes = 0;
  for await (const piece of answer) {
    const chunk: Buffer = piece;
    bytes += chunk.length;
    counter.add(chunk);
    if (counter.count > held.length * 20_000) held.push(heldBytes());
  }
  expect(counter.count).toBe(ROW_COUNT + 1);
  expect(answer.complete).toBe(true);
  expect(held).toHaveLength(6);
  expect(bytes).toBeGreaterThan(2 * HELD_BYTES_MAX);
  expect(Math.max(...held) - (held[0] ?? 0)).toBeLessThan(HELD_BYTES_MAX);
});

/** Waits until no more pages are read and no connection is in use, and says how many there were. */
async function atRest(): Promise<number> {
  let before = -1;
  await expect
    .poll(
      () => {
        const isResting = pageCount === before && database.handle.countConnections().active === 0;
        before = pageCount;
        return isResting;
      },
      { interval: 200, timeout: 10_000 },
    )
    .toBe(true);
  return pageCount;
}

test('for a reader who takes nothing only some pages are read, and no connection to Postgres is held', async () => {
  const before = pageCount;
  const answer = await open(YEAR);
  await once(answer, 'readable');
  // Of 367; it is what sockets and streams take on the way.
  expect((await atRest()) - before).toBeLessThan(150);
  answer.destroy();
});

test('a reader who goes away has nothing more read for them', async () => {
  const before = pageCount;
  const answer = await open(YEAR);
  await once(answer, 'data');
  answer.destroy();
  expect((await atRest()) - before).toBeLessThan(150);
});

test('Postgres going away in the middle breaks the file off', async () => {
  const answer = await open(YEAR);
  await once(answer, 'readable');
  await database.handle.db.execute(sql`alter table ai_usage rename to ai_usage_gone`);
  await expect(collect(answer)).rejects.toMatchObject({ code: 'ECONNRESET' });
  await database.handle.db.execute(sql`alter table ai_usage_gone rename to ai_usage`);
  await expect.poll(() => server.logged.length, { timeout: 5_000 }).toBe(1);
});

const SPAN = { from: new Date('2026-05-01T00:00:00Z'), to: new Date('2026-05-02T00:00:00Z') };
const AFTER = { at: '2026-05-01T10:00:00.000000Z', key: '00000000-0000-4000-8000-000000000000' };

test.each([
  ['the ledger, narrowed by a filter', () => pageLedger(database.handle.db, { span: SPAN, after: AFTER, limit: 1_000 }, { model: 'vendor/model-3' }).toSQL()],
  ['interactions', () => pageInteractions(database.handle.db, { span: SPAN, after: { ...AFTER, key: '5' }, limit: 1_000 }).toSQL()],
])('a page of %s is read by an index from where the one before ended, and never past its span', async (_what, statement) => {
  const { sql: text, params } = statement();
  const rows = await database.handle.sql.unsafe(`explain (analyze, format json, costs off, timing off, summary off) ${text}`, params.map((param) => (param instanceof Date ? param.toISOString() : String(param))));
  const plan = JSON.stringify(rows);
  expect(plan).not.toContain('Seq Scan');
  const filtered = [...plan.matchAll(/"(?:Rows Removed by Filter|Actual Rows)":\s*([\d.]+)/g)].map(([, count]) => Number(count));
  expect(Math.max(0, ...filtered)).toBeLessThan(600);
});
