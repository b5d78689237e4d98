import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createFinisher } from '#server/bot/finish-update.ts';
import { reconcileGenerations } from '#server/services/generations/reconcile-generations.ts';
import { runGeneration } from '#server/services/generations/run-generation.ts';
import { claimUpdates } from '#server/services/inbox/claim-updates.ts';
import { storeUpdates } from '#server/services/inbox/store-updates.ts';
import { createPaymentBooker } from '#server/services/payments/create-payment-booker.ts';
import { startLedgerRig, type LedgerRig } from '#tests/support/ledger.ts';
import { partedOf, startRun, type ProgramRun } from '#tests/support/parity.ts';
import { eventually } from '#tests/support/processes.ts';
import { seedUser } from '#tests/support/seed.ts';

/*
 * What was committed is counted, also where the word of the commit was lost or came with an error.
 */
let rig: LedgerRig;
beforeAll(async () => {
  rig = await startLedgerRig();
});
afterEach(() => rig.openRouter.clearFaults());
afterAll(() => rig.close());

const prompt = { system: 'You are an experienced tarot reader. Answer in English.', user: 'The card of the day is The Star. Tell what it means.', completionTokensMax: 400 };
const ask = (run: ProgramRun, deps: object, store: () => Promise<void>) =>
  runGeneration({ ...rig.deps, ...run.generations, ...deps }, { operation: 'tarot_card', userId: 7, plan: 'free', language: 'en', updateId: null, prompt, store });

/** The database as connections make it that die: call number `n` of `method`, from 1, ends as `fate` says. */
function dying<T extends object>(db: T, method: string, fate: (n: number) => 'lands' | 'lands unheard' | 'is lost'): T {
  let count = 0;
  return new Proxy(db, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function' || name !== method) return value;
      return async (...args: unknown[]) => {
        const end = fate((count += 1));
        const result: unknown = end === 'is lost' ? null : await Reflect.apply(value, target, args);
        if (end !== 'lands') throw new Error('the connection was lost');
        return result;
      };
    },
  });
}
const counted = (run: ProgramRun, count: number) => eventually('the count', () => run.metrics.ai.totals().generations === count);

test('a reading whose text cannot be stored is booked, and counted', async () => {
  const run = await startRun(rig);
  await expect(ask(run, {}, () => Promise.reject(new Error('no place for the text')))).rejects.toThrow('no place for the text');
  expect(run.metrics.ai.totals()).toMatchObject({ generations: 1 });
  expect(Number(run.metrics.ai.totals().costUsd)).toBeGreaterThan(0);
  expect(partedOf(await run.check.compare())).toEqual({});
});

// The first transaction reserves, the second settles, the third books the cost alone.
test.each([
  ['word is lost on its way back', (n: number) => (n === 2 ? 'lands unheard' : 'lands')],
  ['word is lost on its way back, and the database is away after it', (n: number) => (n === 2 ? 'lands unheard' : n === 3 || n === 4 ? 'is lost' : 'lands')],
  ['transaction never arrives, nor the next ones', (n: number) => (n > 1 && n < 5 ? 'is lost' : 'lands')],
] as const)('a settlement whose %s is booked and counted once', async (_how, fate) => {
  const run = await startRun(rig);
  await expect(ask(run, { db: dying(rig.deps.db, 'transaction', fate) }, async () => undefined)).rejects.toThrow('the connection was lost');
  await counted(run, 1);
  expect(partedOf(await run.check.compare())).toEqual({});
  expect([...(await rig.database.handle.sql`select status from ai_usage where process_id = ${run.processId}`)]).toEqual([{ status: 'settled' }]);
});

test('an end that a look-up has booked in the meantime is not counted here a second time', async () => {
  const run = await startRun(rig);
  const db = dying(rig.deps.db, 'transaction', (n) => (n === 2 || n === 3 ? 'is lost' : 'lands'));
  await expect(ask(run, { db }, async () => undefined)).rejects.toThrow('the connection was lost');
  await reconcileGenerations(rig.deps.db, new Date(Date.now() + 3_600_000));
  await run.lookUp();
  const [row] = await rig.database.handle.sql`select status, resolved_by_process_id, duration_ms from ai_usage where process_id = ${run.processId}`;
  expect(row).toEqual({ status: 'settled', resolved_by_process_id: run.processId, duration_ms: null });
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(run.metrics.ai.totals().generations).toBe(0);
  expect(partedOf(await run.check.compare())).toEqual({});
});

test('an update whose end is committed and whose word is lost is told as ended here, once', async () => {
  const { db } = rig.deps;
  const at = new Date();
  await storeUpdates(db, [{ update_id: 1 }], at);
  await claimUpdates(db, { limit: 1, leaseMs: 60_000, now: at });
  const end = { updateId: 1, attempts: 1, at, userId: 7, handler: 'help', operation: null, outcome: 'ok', errorType: null, durationMs: 1, updateAgeMs: 1 } as const;
  expect(await createFinisher(dying(db, 'execute', (n) => (n === 1 ? 'lands unheard' : 'lands')), rig.deps.logger, 1)(end)).toBe(true);
  expect(await createFinisher(db, rig.deps.logger, 1)(end)).toBe(false);
  expect([...(await rig.database.handle.sql`select process_id from interactions`)]).toEqual([{ process_id: 1 }]);
});

test('a payment whose word is lost on its way back is counted once when it is tried again', async () => {
  const run = await startRun(rig);
  const book = createPaymentBooker();
  const db = dying(rig.deps.db, 'transaction', (n) => (n === 1 ? 'lands unheard' : 'lands'));
  const payment = { userId: await seedUser(rig.deps.db), chargeId: 'unheard', stars: 250, starValueUsd: '0.013', paidAt: new Date(), invoicePayload: null, processId: run.processId };
  await expect(book(db, payment)).rejects.toThrow('the connection was lost');
  const { booked } = await book(db, payment);
  expect(booked).toEqual({ plan: 'premium', stars: 250, valueUsd: '3.250000000000', isFirstOfUser: true });
  if (booked) run.metrics.payments.recordPayment(booked);
  expect((await book(db, payment)).booked).toBeNull();
  expect(partedOf(await run.check.compare())).toEqual({});
});

test('a payment that another process booked is not counted here, whatever was lost before', async () => {
  const run = await startRun(rig);
  const book = createPaymentBooker();
  const db = dying(rig.deps.db, 'transaction', (n) => (n === 1 ? 'is lost' : 'lands'));
  const payment = { userId: await seedUser(rig.deps.db), chargeId: 'theirs', stars: 250, starValueUsd: '0.013', paidAt: new Date(), invoicePayload: null, processId: run.processId };
  await expect(book(db, payment)).rejects.toThrow('the connection was lost');
  await createPaymentBooker()(rig.deps.db, { ...payment, processId: run.processId + 1_000 });
  expect((await book(db, payment)).booked).toBeNull();
  expect(partedOf(await run.check.compare())).toEqual({});
});
