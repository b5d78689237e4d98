import { and, eq, ne } from 'drizzle-orm';
import fc from 'fast-check';
import type postgres from 'postgres';
import type { Database } from '#db/client.ts';
import { aiUsage, payments, users } from '#db/schema/index.ts';
import { correctCost } from '#server/services/generations/correct-cost.ts';
import { foldRollups } from '#server/services/rollups/fold-rollups.ts';
import { fromPico } from './naive-overview.ts';
import { seedGeneration, seedInteraction, seedPayment, seedUser } from './seed.ts';

const DAY_MS = 86_400_000;
const USERS_MAX = 6;
const SOURCES = ['direct', 'ads', 'blog', 'a friend'];

/** Offsets from now in ms: borders of ranges, a millisecond beside them, and anything between. */
const ago = fc.oneof(
  fc.tuple(fc.constantFrom(0, DAY_MS, 7 * DAY_MS, 30 * DAY_MS, 2 * DAY_MS), fc.constantFrom(-1, 0, 1)).map(([ms, beside]) => ms + beside),
  fc.integer({ min: -DAY_MS, max: 3 * DAY_MS }),
  fc.integer({ min: -DAY_MS, max: 40 * DAY_MS }),
);
const user = fc.nat({ max: USERS_MAX - 1 });
/** Equal costs and unequal ones. */
const cost = fc.oneof(fc.constantFrom(0n, 1n, 2_500_000_000n, 5_000_000_000n), fc.bigInt({ min: 0n, max: 10n ** 13n })).map(fromPico);
const settled = fc.record({ status: fc.constant('settled' as const), costUsd: cost, costSource: fc.constantFrom('billed' as const, 'lookup' as const, 'estimated' as const) });
const open = fc.record({
  status: fc.constantFrom('void' as const, 'reserved' as const, 'unknown' as const),
  costUsd: fc.constant(null),
  costSource: fc.constant('none' as const),
});
const attempt = fc.record({
  user: fc.option(user, { freq: 6 }),
  ago,
  operation: fc.constantFrom('horoscope', 'tarot_card', 'natal_chart', 'retired'),
  plan: fc.constantFrom('free' as const, 'premium' as const),
  disposition: fc.option(fc.constantFrom('delivered' as const, 'rejected' as const)),
  cost: fc.oneof({ arbitrary: settled, weight: 3 }, { arbitrary: open, weight: 1 }),
});
const payment = fc.record({
  user,
  ago,
  stars: fc.integer({ min: 1, max: 900 }),
  valueUsd: fc.bigInt({ min: 1n, max: 10n ** 13n }).map(fromPico),
  periodMs: fc.oneof(fc.constant(30 * DAY_MS), fc.integer({ min: 1, max: 40 * DAY_MS })),
  refundedAfter: fc.option(fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 10 * DAY_MS }))),
});
/** What happens to rows afterwards: an open attempt is settled or a settled one corrected, a payment is refunded. */
const change = fc.record({ kind: fc.constantFrom('cost' as const, 'refund' as const), index: fc.nat({ max: 40 }), costUsd: cost });

export const economicsHistory = fc.record({
  users: fc.array(fc.record({ ago, source: fc.constantFrom(...SOURCES), premiumFor: fc.option(fc.integer({ min: -1, max: 1 })), isDeleted: fc.boolean() }), {
    minLength: USERS_MAX,
    maxLength: USERS_MAX,
  }),
  interactions: fc.array(fc.record({ user, ago, handler: fc.constantFrom('tarot', 'premium', 'chat_member') }), { maxLength: 15 }),
  attempts: fc.array(attempt, { maxLength: 25 }),
  payments: fc.array(payment, { maxLength: 8 }),
  changes: fc.array(change, { maxLength: 8 }),
  /** After how many rows some are folded, and how many at a time; 0: none are. */
  foldEvery: fc.constantFrom(0, 3, 7),
  foldBatch: fc.constantFrom(1, 4, 100),
});
export type EconomicsHistory = typeof economicsHistory extends fc.Arbitrary<infer T> ? T : never;

/** Lays a history down so that it ends at `now`, with some of it folded into the rollups as it goes. */
export async function layDownEconomics(db: Database, history: EconomicsHistory, now: Date): Promise<void> {
  const at = (agoMs: number) => new Date(now.getTime() - agoMs);
  let rowCount = 0;
  const fold = async () => {
    rowCount += 1;
    if (history.foldEvery > 0 && rowCount % history.foldEvery === 0) await foldRollups(db, history.foldBatch);
  };
  const ids: number[] = [];
  for (const { ago: agoMs, source, premiumFor, isDeleted } of history.users) {
    const id = await seedUser(db, at(agoMs), source);
    const premiumUntil = premiumFor === null ? null : new Date(now.getTime() + premiumFor);
    await db.update(users).set({ premiumUntil, deletedAt: isDeleted ? now : null }).where(eq(users.id, id));
    ids.push(id);
    await fold();
  }
  const idOf = (index: number): number => ids[index] ?? 0;
  for (const { user: index, ago: agoMs, handler } of history.interactions) {
    await seedInteraction(db, { userId: idOf(index), at: at(agoMs), handler });
    await fold();
  }
  const requestIds: string[] = [];
  for (const { user: index, ago: agoMs, cost: known, ...row } of history.attempts) {
    requestIds.push(await seedGeneration(db, { ...row, ...known, userId: index === null ? null : idOf(index), startedAt: at(agoMs) }));
    await fold();
  }
  for (const { user: index, ago: agoMs, periodMs, refundedAfter, ...row } of history.payments) {
    const paidAt = at(agoMs);
    const refundedAt = refundedAfter === null ? null : new Date(paidAt.getTime() + refundedAfter);
    await seedPayment(db, { ...row, userId: idOf(index), paidAt, periodEndsAt: new Date(paidAt.getTime() + periodMs), refundedAt });
    await fold();
  }
  for (const { kind, index, costUsd } of history.changes) {
    const requestId = requestIds[index];
    if (kind === 'refund') await db.update(payments).set({ refundedAt: now }).where(eq(payments.id, index + 1));
    else if (requestId) await setCost(db, requestId, costUsd, now);
    await fold();
  }
}

/** What a look-up does: it settles an attempt whose cost was not known, and corrects one that was. */
export async function setCost(db: Database, requestId: string, costUsd: string, at: Date): Promise<void> {
  const isOpen = and(eq(aiUsage.requestId, requestId), ne(aiUsage.status, 'settled'));
  const settled = await db.update(aiUsage).set({ status: 'settled', costUsd, costSource: 'lookup' }).where(isOpen).returning({ requestId: aiUsage.requestId });
  if (settled.length === 0) await correctCost(db, { requestId, costUsd, source: 'lookup', at, reportingTimeZone: 'UTC' });
}

/** Empties everything that the economics are read from. */
export async function forgetEconomics(sql: postgres.Sql): Promise<void> {
  await sql`truncate ai_usage, ai_cost_corrections, payments, payers, payer_costs, interactions, users, ledger_deltas, interaction_deltas, acquisition_deltas, user_days,
    ledger_rollups, interaction_rollups, acquisition_rollups, latency_rollups, user_sets cascade`;
}
