import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import { expect, test } from 'vitest';
import type { Database } from '#db/client.ts';
import { listGenerations as queryGenerations } from '#db/queries/generations.ts';
import { aiUsage, type NewAiUsage } from '#db/schema/index.ts';
import { fixedClock } from '#server/lib/clock.ts';
import { listGenerations } from '#server/services/reports/list-generations.ts';
import { createTestDatabase } from '#tests/support/database.ts';
import { seedGeneration } from '#tests/support/seed.ts';

const NOW = new Date('2026-11-20T12:00:00Z');
const TIME_LIMIT_MS = 120_000;

async function onDatabase(check: (db: Database) => Promise<void>): Promise<void> {
  const database = await createTestDatabase();
  try {
    await check(database.handle.db);
  } finally {
    await database.drop();
  }
}

/** Follows the cursors to the end; `between` happens after each page. */
async function walk(db: Database, limit: number, between: (page: number) => Promise<void> = () => Promise.resolve()): Promise<string[]> {
  const visited: string[] = [];
  let cursor: string | undefined;
  for (let page = 0; ; page += 1) {
    const { rows, nextCursor } = await listGenerations({ db, clock: fixedClock(NOW), reportingTimeZone: 'UTC' }, { limit, cursor });
    visited.push(...rows.map(({ requestId }) => requestId));
    if (nextCursor === null) return visited;
    cursor = nextCursor;
    await between(page);
  }
}

test('following the cursors visits each row that was there exactly once, while rows are added before, between and behind', async () => {
  /** Few different instants, so that many rows share one. */
  const agoMs = fc.integer({ min: 1, max: 6 });
  const property = fc.asyncProperty(
    fc.array(agoMs, { minLength: 1, maxLength: 25 }),
    fc.array(agoMs, { maxLength: 10 }),
    fc.integer({ min: 1, max: 7 }),
    (existing, added, limit) =>
      onDatabase(async (db) => {
        const seed = (ago: number) => seedGeneration(db, { startedAt: new Date(NOW.getTime() - ago) });
        const before: string[] = [];
        for (const ago of existing) before.push(await seed(ago));
        const pending = [...added];
        const visited = await walk(db, limit, async () => {
          const ago = pending.pop();
          if (ago !== undefined) await seed(ago);
        });
        expect(new Set(visited).size).toBe(visited.length);
        expect(before.filter((id) => !visited.includes(id))).toEqual([]);
      }),
  );
  await fc.assert(property, { numRuns: 12, endOnFailure: true });
}, TIME_LIMIT_MS);

test('rows that are less than a millisecond apart are neither left out nor told twice', () =>
  onDatabase(async (db) => {
    const ids: string[] = [];
    for (let microseconds = 0; microseconds < 9; microseconds += 1) {
      const requestId = await seedGeneration(db, { startedAt: new Date(NOW.getTime() - 5) });
      await db.execute(sql`update ai_usage set started_at = started_at + ${`${microseconds * 100} microseconds`}::interval where request_id = ${requestId}`);
      ids.unshift(requestId);
    }
    expect(await walk(db, 2)).toEqual(ids);
  }));

test('a page is read by an index and not by sorting the ledger, whichever page it is', () =>
  onDatabase(async (db) => {
    const row = (index: number): NewAiUsage => ({
      requestId: uuidv7(), operation: 'horoscope', plan: 'free', model: 'a/b', status: 'void', startedAt: new Date(NOW.getTime() - 1 - index * 1_000), userId: index % 500,
    });
    for (let batch = 0; batch < 10; batch += 1) await db.insert(aiUsage).values(Array.from({ length: 1_000 }, (_, index) => row(batch * 1_000 + index)));
    await db.execute(sql`analyze ai_usage`);
    const range = { from: new Date(NOW.getTime() - 7 * 86_400_000), to: NOW };
    const after = { startedAt: '2026-11-20T10:00:00.000000Z', requestId: uuidv7() };
    const explain = async (query: Parameters<typeof queryGenerations>[1]) => {
      const plan = await db.execute(sql`explain ${queryGenerations(db, query)}`);
      return [...plan].map((line) => String(line['QUERY PLAN'])).join('\n');
    };
    for (const place of [null, after]) {
      const plan = await explain({ range, after: place, limit: 51 });
      expect(plan).toContain('Index Scan Backward using ai_usage_started_at_idx');
      expect(plan).not.toMatch(/Seq Scan|(?<!Incremental )Sort {2}\(/);
    }
    expect(await explain({ range, after, limit: 51, userId: 7 })).toContain('ai_usage_user_started_at_idx');
  }));
