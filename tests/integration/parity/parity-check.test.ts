import { Writable } from 'node:stream';
import { eq } from 'drizzle-orm';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { aiUsage } from '#db/schema/index.ts';
import { Parity } from '#server/contracts/parity.ts';
import { PARITY_QUANTITIES } from '#server/contracts/vocabulary.ts';
import { createParityCheck } from '#server/services/parity/create-parity-check.ts';
import { NOTHING } from '#server/services/parity/written.ts';
import { startLedgerRig, type LedgerRig } from '#tests/support/ledger.ts';
import { createTestClock, partedOf, startRun, type ProgramRun, type TestClock } from '#tests/support/parity.ts';
import { seedGeneration, seedInteraction, seedPayment, seedUser } from '#tests/support/seed.ts';
import { parseSamples } from '../../unit/metrics/sample-metrics.ts';

const MINUTE_MS = 60_000;

let rig: LedgerRig;
let clock: TestClock;
let run: ProgramRun;
let userId: number;
let logged: { level: number; msg: string }[];
beforeEach(async () => {
  rig = await startLedgerRig();
  clock = createTestClock();
  logged = [];
  const lines = new Writable({
    write(chunk: Buffer, _encoding, done) {
      logged.push(JSON.parse(chunk.toString()) as (typeof logged)[number]);
      done();
    },
  });
  run = await startRun(rig, clock, pino(lines));
  userId = await seedUser(rig.deps.db);
});
afterEach(() => rig.close());

const read = async () => {
  const [row] = (await rig.read({ userId, deps: run.generations })).rows;
  if (!row) throw new Error('no row');
  return row;
};
const parted = async () => partedOf(await run.check.compare());

/** A little of everything. */
async function live() {
  const row = await read();
  await run.handle({ updateId: 1, userId, outcome: 'failed' });
  await run.handle({ updateId: 2, userId, outcome: 'ok' });
  await run.pay({ userId, chargeId: 'a' });
  return row;
}

test('what was done by this process agrees, quantity by quantity, and the gauge says 0', async () => {
  const row = await live();
  const compared = Parity.parse(await run.check.compare());
  expect(compared.differences.map(({ quantity }) => quantity)).toEqual(PARITY_QUANTITIES);
  const counters = Object.fromEntries(compared.differences.map(({ quantity, counter }) => [quantity, counter]));
  expect(counters).toEqual({
    generations: '1', prompt_tokens: String(row.promptTokens), completion_tokens: String(row.completionTokens), cost_dollars: row.costUsd,
    updates: '2', failed_updates: '1', payments: '1',
  });
  expect(compared.differences.map(({ table }) => table)).toEqual(Object.values(counters));
  expect(partedOf(compared)).toEqual({});
  expect(run.check.latest()).toEqual(compared);
  const shown = parseSamples((await run.metrics.render(null)).body);
  expect(PARITY_QUANTITIES.map((quantity) => shown.get(`adtrobot_parity_difference{quantity="${quantity}"}`))).toEqual(PARITY_QUANTITIES.map(() => '0'));
});

test('a row of the ledger that is gone is a difference of exactly that row', async () => {
  const row = await live();
  await rig.deps.db.delete(aiUsage).where(eq(aiUsage.requestId, row.requestId));
  expect(await parted()).toEqual({ generations: '1', prompt_tokens: String(row.promptTokens), completion_tokens: String(row.completionTokens), cost_dollars: row.costUsd });
});

test.each([
  [`delete from interactions where outcome = 'failed'`, { updates: '1', failed_updates: '1' }],
  [`update interactions set outcome = 'ok'`, { failed_updates: '1' }],
  [
    `insert into interactions (at, user_id, handler, outcome, duration_ms, update_age_ms, process_id)
     select at, user_id, handler, outcome, 1, 1, process_id from interactions where outcome = 'ok'`,
    { updates: '-1' },
  ],
  ['delete from payments', { payments: '1' }],
  ['update ai_usage set prompt_tokens = prompt_tokens + 3, completion_tokens = completion_tokens - 2', { prompt_tokens: '-3', completion_tokens: '2' }],
])('tables changed behind our back (%s) are a difference of exactly that', async (statement, expected) => {
  await live();
  await rig.database.handle.sql.unsafe(statement);
  expect(await parted()).toEqual(expected);
});

test('a counter that was moved by hand is a difference of exactly that', async () => {
  await live();
  const usage = { promptTokens: 7, completionTokens: 2 };
  run.metrics.ai.recordGeneration({ operation: 'tarot_card', model: 'a/b', status: 'settled', durationMs: 1, usage, costUsd: '0.000000000001', costSource: 'billed' });
  run.metrics.bot.recordUpdate({ handler: 'help', outcome: 'ok', errorType: null, durationMs: 1, updateAgeMs: 1 });
  run.metrics.payments.recordPayment({ plan: 'premium', stars: 1, valueUsd: '1', isFirstOfUser: false });
  expect(await parted()).toEqual({ generations: '1', prompt_tokens: '7', completion_tokens: '2', cost_dollars: '0.000000000001', updates: '1', payments: '1' });
});

test('a correction downwards lowers what is compared at once, though the counter that is shown must wait', async () => {
  const row = await live();
  await run.correct(row.requestId, '0');
  expect(await parted()).toEqual({});
  const cost = run.check.latest()?.differences.find(({ quantity }) => quantity === 'cost_dollars');
  expect(cost).toEqual({ quantity: 'cost_dollars', counter: '0.000000000000', table: '0.000000000000', difference: '0.000000000000' });
});

test('a correction that the table tells otherwise than it was counted is a difference', async () => {
  const row = await live();
  await run.correct(row.requestId, '0.25');
  await rig.database.handle.sql`alter table ai_cost_corrections disable trigger all`;
  await rig.database.handle.sql`update ai_cost_corrections set new_cost_usd = 0.5`;
  expect(await parted()).toEqual({ cost_dollars: '-0.250000000000' });
});

test('what was written by other processes, by an import or by a past that was laid down is nobody\'s here', async () => {
  const at = clock.now();
  const other = await startRun(rig, clock);
  for (const processId of [null, other.processId]) {
    await seedGeneration(rig.deps.db, { startedAt: at, processId });
    await seedInteraction(rig.deps.db, { at, userId, processId });
    await seedPayment(rig.deps.db, { userId, paidAt: at, processId });
  }
  expect(await parted()).toEqual({});
  expect(partedOf(await other.check.compare())).toMatchObject({ generations: '-1', updates: '-1', payments: '-1' });
});

test('an update from nobody that we know leaves no interaction, and is no difference', async () => {
  await run.handle({ updateId: 1, userId: null, outcome: 'failed' });
  expect(await parted()).toEqual({});
  expect(parseSamples((await run.metrics.render(null)).body).get('adtrobot_bot_updates_total{handler="tarot",outcome="failed"}')).toBe('1');
});

test('what is settled is summed once and kept: it is not asked for again', async () => {
  const row = await live();
  clock.move(20 * MINUTE_MS);
  expect(await parted()).toEqual({});
  await rig.deps.db.delete(aiUsage).where(eq(aiUsage.requestId, row.requestId));
  await rig.database.handle.sql`delete from interactions`;
  expect(await parted()).toEqual({});
  await read();
  expect(await parted()).toEqual({});
});

test('an attempt that is under way when others of its time are summed is counted when it ends', async () => {
  const done = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  const onCheckpoint = async (checkpoint: string): Promise<void> => {
    if (checkpoint !== 'before_settle') return;
    reached.resolve();
    await done.promise;
  };
  const slow = rig.read({ userId, deps: { ...run.generations, onCheckpoint } });
  await reached.promise;
  clock.move(MINUTE_MS);
  await live();
  for (let minute = 0; minute < 3; minute += 1) {
    clock.move(15 * MINUTE_MS);
    expect(await parted()).toEqual({});
  }
  done.resolve();
  await slow;
  expect(await parted()).toEqual({});
  expect(run.metrics.ai.totals().generations).toBe(2);
});

test('a commit that is counted a moment later, or before it is seen, is no difference', async () => {
  await live();
  const counted = (await run.check.compare()).differences;
  let reading = 0;
  const late = { ...NOTHING, ...Object.fromEntries(counted.map(({ quantity, counter }) => [quantity, counter])) };
  const told: Record<string, number>[] = [];
  const check = createParityCheck({
    db: rig.deps.db, clock, logger: pino({ level: 'silent' }), processId: run.processId, pauseMs: 0, onCompared: (differences) => void told.push(differences),
    // Each quantity is right at another reading, as under load.
    readCounters: () => ({ ...late, ...((reading += 1) === 1 ? { generations: '2' } : { updates: '1' }) }),
  });
  expect(partedOf(await check.compare())).toEqual({});
  expect([reading, told.length]).toEqual([2, 1]);
});

test('a difference is told once when it appears, shown by the gauge with its sign, and told once when it is gone', async () => {
  await live();
  await run.check.compare();
  expect(logged).toEqual([]);
  await rig.database.handle.sql`update payments set process_id = null`;
  await run.check.compare();
  await run.check.compare();
  expect(logged).toMatchObject([{ level: 50, msg: 'counters and tables differ', apart: [{ quantity: 'payments', counter: '1', table: '0', difference: '1' }] }]);
  expect(parseSamples((await run.metrics.render(null)).body).get('adtrobot_parity_difference{quantity="payments"}')).toBe('1');
  await rig.database.handle.sql`update payments set process_id = ${run.processId}`;
  await run.check.compare();
  await run.check.compare();
  expect(logged.slice(1)).toMatchObject([{ level: 40, msg: 'counters and tables agree again' }]);
});

test('tables that cannot be read leave the last comparison with its time, and no gauge before the first', async () => {
  expect(run.check.latest()).toBeNull();
  expect((await run.metrics.render(null)).body).not.toContain('adtrobot_parity_difference{');
  await live();
  const compared = await run.check.compare();
  await rig.database.handle.sql`alter table payments rename to payments_away`;
  await expect(run.check.compare()).rejects.toThrow();
  expect(run.check.latest()).toEqual(compared);
});
