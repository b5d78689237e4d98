import fc from 'fast-check';
import type { Executor } from '#db/client.ts';
import { seedGeneration, seedInteraction, seedPayment, seedUser } from './seed.ts';
import { fromPico } from './naive-overview.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const USERS_MAX = 4;
const PICO_MAX = 10n ** 14n;

/** Offsets from now in ms: the borders of windows and ranges, a millisecond beside them, and anything between. */
const border = fc.constantFrom(0, 24 * HOUR_MS, 7 * DAY_MS, 30 * DAY_MS, 12 * HOUR_MS, 36 * HOUR_MS, 2 * DAY_MS, -HOUR_MS);
const ago = fc.oneof(
  fc.tuple(border, fc.constantFrom(-1, 0, 1)).map(([ms, beside]) => ms + beside),
  fc.integer({ min: -2 * DAY_MS, max: 3 * DAY_MS }),
  fc.integer({ min: -2 * DAY_MS, max: 45 * DAY_MS }),
);
const user = fc.nat({ max: USERS_MAX - 1 });
const tokens = fc.option(fc.nat({ max: 2_000_000 }));

const interaction = fc.record({ user, ago, outcome: fc.constantFrom('ok' as const, 'failed' as const), durationMs: fc.nat({ max: 90_000 }) });
const settled = fc.record({
  status: fc.constant('settled' as const),
  costUsd: fc.oneof(fc.constant(0n), fc.bigInt({ min: 1n, max: 9n }), fc.bigInt({ min: 0n, max: PICO_MAX })).map(fromPico),
  costSource: fc.constantFrom('billed' as const, 'lookup' as const, 'estimated' as const),
});
const open = fc.record({
  status: fc.constantFrom('void' as const, 'reserved' as const, 'unknown' as const),
  costUsd: fc.constant(null),
  costSource: fc.constant('none' as const),
});
const attempt = fc.record({
  user: fc.option(user),
  ago,
  operation: fc.constantFrom('horoscope', 'tarot_card', 'tarot_three_cards', 'natal_chart', 'retired', 'renamed'),
  cost: fc.oneof({ arbitrary: settled, weight: 3 }, { arbitrary: open, weight: 1 }),
  errorType: fc.option(fc.constantFrom('timeout', 'empty_response')),
  durationMs: fc.option(fc.nat({ max: 90_000 })),
  promptTokens: tokens,
  completionTokens: tokens,
  cachedPromptTokens: tokens,
  reasoningTokens: tokens,
});
const payment = fc.record({ user, ago, periodMs: fc.oneof(fc.constant(30 * DAY_MS), fc.integer({ min: 1, max: 40 * DAY_MS })), isRefunded: fc.boolean() });

/** A random past: who did what, which attempts were made at which cost, and who paid. */
export const historyArbitrary = fc.record({
  interactions: fc.array(interaction, { maxLength: 25 }),
  attempts: fc.array(attempt, { maxLength: 30 }),
  payments: fc.array(payment, { maxLength: 6 }),
});
export type History = typeof historyArbitrary extends fc.Arbitrary<infer T> ? T : never;

/** Lays a history down so that it ends at `now`. */
export async function layDown(db: Executor, history: History, now: Date): Promise<void> {
  const at = (agoMs: number) => new Date(now.getTime() - agoMs);
  const ids: number[] = [];
  for (let count = 0; count < USERS_MAX; count += 1) ids.push(await seedUser(db));
  const idOf = (index: number): number => ids[index] ?? 0;
  for (const { user: index, ago: agoMs, ...rest } of history.interactions) await seedInteraction(db, { ...rest, at: at(agoMs), userId: idOf(index) });
  for (const { user: index, ago: agoMs, cost, ...rest } of history.attempts) {
    await seedGeneration(db, { ...rest, ...cost, startedAt: at(agoMs), userId: index === null ? null : idOf(index) });
  }
  for (const { user: index, ago: agoMs, periodMs, isRefunded } of history.payments) {
    const paidAt = at(agoMs);
    const refundedAt = isRefunded ? new Date(paidAt.getTime() + 1) : null;
    await seedPayment(db, { userId: idOf(index), paidAt, periodEndsAt: new Date(paidAt.getTime() + periodMs), refundedAt });
  }
}
