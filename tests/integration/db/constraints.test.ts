import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { v7 as uuidv7 } from 'uuid';
import type { Database } from '#db/client.ts';
import { admins, horoscopes, inbox, natalCharts, sessions, tarotSpreads, users } from '#db/schema/index.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { seedGeneration, seedInteraction, seedPayment, seedUser } from '#tests/support/seed.ts';

const AT = new Date();
let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  db = database.handle.db;
});
afterAll(() => database.drop());

/** The name of what refuses a statement, or its code where it has no name; null when nothing does. */
async function refusalOf(work: PromiseLike<unknown>): Promise<string | null> {
  return work.then(
    () => null,
    ({ cause }: Error) => {
      if (!(cause instanceof Error)) throw new Error('not refused by Postgres');
      if ('constraint_name' in cause && cause.constraint_name) return String(cause.constraint_name);
      return 'code' in cause ? String(cause.code) : null;
    },
  );
}

describe('the ledger refuses', () => {
  const attempt = (row: Partial<Parameters<typeof seedGeneration>[1]>) => refusalOf(seedGeneration(db, { startedAt: AT, ...row }));

  test('a settled attempt without a cost, or with one from nowhere', async () => {
    expect(await attempt({ costUsd: null })).toBe('ai_usage_settled_has_cost');
    expect(await attempt({ costSource: 'none' })).toBe('ai_usage_settled_has_cost');
    expect(await attempt({ costUsd: '0' })).toBeNull();
  });

  test('an attempt that is not settled and has a cost, be it 0', async () => {
    for (const status of ['reserved', 'void', 'unknown'] as const) {
      expect(await attempt({ status, costUsd: '0', costSource: 'none' }), status).toBe('ai_usage_open_has_no_cost');
      expect(await attempt({ status, costUsd: null, costSource: 'none' }), status).toBeNull();
    }
  });

  test('a cost below zero, and one that its column cannot hold', async () => {
    expect(await attempt({ costUsd: '-0.000000000001' })).toBe('ai_usage_cost_not_negative');
    expect(await attempt({ costUsd: '100000000' })).toBe('22003');
    expect(await attempt({ costUsd: '99999999.999999999999' })).toBeNull();
  });

  test('a request id or a generation id that it has, but not a second attempt without one', async () => {
    const requestId = uuidv7();
    expect(await attempt({ requestId, generationId: 'gen-1' })).toBeNull();
    expect(await attempt({ requestId })).toBe('ai_usage_pkey');
    expect(await attempt({ generationId: 'gen-1' })).toBe('ai_usage_generation_id_unique');
    expect([await attempt({ generationId: null }), await attempt({ generationId: null })]).toEqual([null, null]);
  });

  test('to lose the last digit of a cost: sums are exact where floats are not', async () => {
    const userId = await seedUser(db);
    for (let count = 0; count < 10; count += 1) await seedGeneration(db, { startedAt: AT, userId, costUsd: '0.100000000001' });
    const [row] = await database.handle.sql`select sum(cost_usd) as total from ai_usage where user_id = ${userId}`;
    expect(row?.['total']).toBe('1.000000000010');
  });
});

describe('of what there may be one, there is one:', () => {
  test('a user per Telegram id, beyond 32 bits too', async () => {
    const user = { telegramUserId: 7_999_999_999, language: 'en', createdAt: AT, lastActiveAt: AT } as const;
    expect(await refusalOf(db.insert(users).values(user))).toBeNull();
    expect(await refusalOf(db.insert(users).values(user))).toBe('users_telegram_user_id_unique');
  });

  test('an inbox row per update, and a payment per charge', async () => {
    const update = { updateId: 1, chatId: 1, payload: {}, availableAt: AT, receivedAt: AT };
    expect(await refusalOf(db.insert(inbox).values(update))).toBeNull();
    expect(await refusalOf(db.insert(inbox).values({ ...update, chatId: 2 }))).toBe('inbox_pkey');
    const payment = { userId: 1, paidAt: AT, telegramPaymentChargeId: 'charge' };
    await seedPayment(db, payment);
    expect(await refusalOf(seedPayment(db, { ...payment, userId: 2 }))).toBe('payments_telegram_payment_charge_id_unique');
  });

  test('a horoscope per sign, language and day', async () => {
    const horoscope = { sign: 'leo', language: 'en', date: '2026-11-20', claimedUntil: AT, createdAt: AT };
    const others = [{ sign: 'virgo' }, { language: 'ru' }, { date: '2026-11-21' }];
    for (const change of [{}, ...others]) expect(await refusalOf(db.insert(horoscopes).values({ ...horoscope, ...change }))).toBeNull();
    expect(await refusalOf(db.insert(horoscopes).values(horoscope))).toBe('horoscopes_sign_language_date_key');
  });

  test('a card of the day per user and day, and three cards per update; neither hinders the other', async () => {
    const spread = { userId: 1, date: '2026-11-20', cards: [], language: 'en', createdAt: AT };
    const put = (kind: 'card_of_day' | 'three_cards', updateId: number | null, userId = 1) =>
      refusalOf(db.insert(tarotSpreads).values({ ...spread, kind, updateId, userId }));
    expect([await put('card_of_day', 5), await put('three_cards', 5), await put('three_cards', 6), await put('card_of_day', 5, 2)]).toEqual([null, null, null, null]);
    expect(await put('card_of_day', 7)).toBe('tarot_spreads_card_of_day_key');
    expect(await put('three_cards', 5, 2)).toBe('tarot_spreads_update_id_key');
  });

  test('a chart per user and birth data', async () => {
    const chart = { userId: 1, birthDataHash: 'a', language: 'en', positions: {}, createdAt: AT };
    for (const change of [{}, { userId: 2 }, { birthDataHash: 'b' }]) expect(await refusalOf(db.insert(natalCharts).values({ ...chart, ...change }))).toBeNull();
    expect(await refusalOf(db.insert(natalCharts).values(chart))).toBe('natal_charts_user_hash_key');
  });
});

test('an interaction outside all months that were made is refused, not lost', async () => {
  expect(await refusalOf(seedInteraction(db, { at: new Date('1990-01-01T00:00:00Z'), userId: 1 }))).toBe('23514');
});

test('interactions at one instant are all kept', async () => {
  const userId = await seedUser(db);
  await Promise.all(Array.from({ length: 5 }, () => seedInteraction(db, { at: AT, userId })));
  expect(await database.handle.sql`select 1 from interactions where user_id = ${userId}`).toHaveLength(5);
});

test('with an admin go their sessions, and no others', async () => {
  const made = await db.insert(admins).values(['a', 'b'].map((email) => ({ email, passwordHash: 'x', role: 'owner' as const, createdAt: AT }))).returning();
  const session = { createdAt: AT, lastSeenAt: AT, expiresAt: AT };
  await db.insert(sessions).values(made.map(({ id, email }) => ({ ...session, tokenHash: `token of ${email}`, adminId: id })));
  await database.handle.sql`delete from admins where email = 'a'`;
  expect(await database.handle.sql`select token_hash from sessions`).toEqual([{ token_hash: 'token of b' }]);
  expect(await refusalOf(db.insert(sessions).values({ ...session, tokenHash: 'nobody', adminId: 0 }))).toBe('sessions_admin_id_admins_id_fk');
});
