import { afterAll, beforeAll, expect, test } from 'vitest';
import { countBooked, countHandled, sumCorrected, sumEnded, sumResolved } from '#db/queries/parity.ts';
import { createTableReader } from '#server/services/parity/create-table-reader.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';

/*
 * A month of a busy installation: the check reads the last minutes by indexes, and no table as a whole.
 */
const ROWS = 60_000;
const OWN = 7;
/** In the middle of a month: at its beginning its partition is so small that reading it as a whole is right. */
const NOW = new Date('2026-11-18T12:00:00Z');
const minutesAgo = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000);

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  const { sql } = database.handle;
  await sql`select ensure_interactions_partitions('2026-10-01', '2026-11-30')`;
  const at = sql`${NOW}::timestamptz - (${ROWS} - n) * interval '43 seconds'`;
  const owner = sql`(n % 10)::int`;
  await sql`
    insert into ai_usage (request_id, operation, plan, model, status, cost_usd, cost_source, prompt_tokens, completion_tokens, duration_ms,
      started_at, process_id, resolved_at, resolved_by_process_id)
    select gen_random_uuid(), 'tarot_card', 'free', 'a/b', 'settled', 0.001, 'billed', 100, 50, 900,
      ${at}, ${owner}, case when n % 50 = 7 then ${at} end, case when n % 50 = 7 then 7 end
    from generate_series(1, ${ROWS}::int) n`;
  await sql`
    insert into ai_cost_corrections (request_id, old_cost_usd, new_cost_usd, old_source, new_source, at, process_id)
    select request_id, 0.0005, 0.001, 'estimated', 'billed', started_at, process_id from ai_usage`;
  await sql`
    insert into interactions (at, user_id, handler, outcome, duration_ms, update_age_ms, process_id)
    select ${at}, n % 500, 'tarot', case n % 20 when 7 then 'failed' else 'ok' end, 5, 5, ${owner} from generate_series(1, ${ROWS}::int) n`;
  await sql`
    insert into payments (telegram_payment_charge_id, user_id, plan, stars, value_usd, paid_at, period_ends_at, process_id)
    select n::text, n, 'premium', 250, 3.25, ${at}, ${at} + interval '30 days', (n % 1000)::int from generate_series(1, ${ROWS}::int) n`;
  await sql`analyze`;
}, 120_000);
afterAll(() => database.drop());

const lastMinutes = { from: minutesAgo(10), to: new Date(NOW.getTime() + 86_400_000) };

test.each([
  ['attempts that ended', () => sumEnded(database.handle.db, OWN, lastMinutes)],
  ['attempts that were resolved late', () => sumResolved(database.handle.db, OWN, lastMinutes)],
  ['corrections', () => sumCorrected(database.handle.db, OWN, lastMinutes)],
  ['updates that were handled', () => countHandled(database.handle.db, OWN, lastMinutes)],
  ['payments', () => countBooked(database.handle.db, OWN)],
])('what is asked of %s is answered by an index and scans no table', async (_name, build) => {
  const { sql, params } = build().toSQL();
  const plan = await database.handle.sql.unsafe(`explain ${sql}`, params.map((value) => (value instanceof Date ? value.toISOString() : String(value))));
  const lines = [...plan].map((row) => String(row['QUERY PLAN'])).join('\n');
  expect(lines).not.toContain('Seq Scan on ai_usage');
  // Partitions of other months are pruned, or empty.
  expect(lines).not.toMatch(/Seq Scan on (ai_cost_corrections|payments|interactions_\d+_\d+) .*rows=\d{3,}/u);
  expect(lines).toMatch(/Index|Bitmap/u);
});

test('after the first look the rows of the past are not touched any more', async () => {
  const { db, sql } = database.handle;
  const readTables = createTableReader(db, OWN, minutesAgo(30 * 24 * 60));
  const first = await readTables(NOW);
  expect(Number(first.generations)).toBeGreaterThan(ROWS / 11);
  await sql`alter table ai_cost_corrections disable trigger all`;
  await sql`delete from ai_cost_corrections where at < ${minutesAgo(20)}`;
  await sql`delete from ai_usage where started_at < ${minutesAgo(20)}`;
  await sql`delete from interactions where at < ${minutesAgo(20)}`;
  expect(await readTables(NOW)).toEqual(first);
});
