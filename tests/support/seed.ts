import type { Executor } from '#db/client.ts';
import { aiUsage, interactions, payments, users, type NewAiUsage, type NewInteraction, type NewPayment } from '#db/schema/index.ts';
import { v7 as uuidv7 } from 'uuid';

let nextTelegramUserId = 7_000_000_000;

/** A user who was first seen at `at`. */
export async function seedUser(executor: Executor, at = new Date('2026-01-01T00:00:00Z'), source = 'direct'): Promise<number> {
  const [user] = await executor
    .insert(users)
    .values({ telegramUserId: (nextTelegramUserId += 1), language: 'en', source, createdAt: at, lastActiveAt: at })
    .returning({ id: users.id });
  if (!user) throw new Error('no user was inserted');
  return user.id;
}

/** A settled attempt unless said otherwise. */
export async function seedGeneration(executor: Executor, row: Partial<NewAiUsage> & { startedAt: Date }): Promise<string> {
  const requestId = row.requestId ?? uuidv7();
  await executor.insert(aiUsage).values({
    requestId,
    operation: 'tarot_card',
    plan: 'free',
    model: 'google/gemini-2.5-flash',
    status: 'settled',
    costUsd: '0.001',
    costSource: 'billed',
    promptTokens: 100,
    completionTokens: 50,
    durationMs: 1_000,
    ...row,
  });
  return requestId;
}

/** A successful interaction unless said otherwise. */
export async function seedInteraction(executor: Executor, row: Partial<NewInteraction> & { at: Date; userId: number }): Promise<void> {
  await executor.insert(interactions).values({ handler: 'tarot', outcome: 'ok', durationMs: 500, updateAgeMs: 900, ...row });
}

/** A month of premium unless said otherwise. */
export async function seedPayment(executor: Executor, row: Partial<NewPayment> & { userId: number; paidAt: Date }): Promise<void> {
  await executor.insert(payments).values({
    telegramPaymentChargeId: uuidv7(),
    plan: 'premium',
    stars: 250,
    valueUsd: '3.25',
    periodEndsAt: new Date(row.paidAt.getTime() + 30 * 86_400_000),
    ...row,
  });
}
