import { sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.ts';

/*
 * Whoever writes to the ledger holds its table lock anyway; that lock is what budgets are made and recounted under. So a
 * statement that books a cost sees every budget that was counted before it, at no price of its own.
 */

/** Held by a reservation before it reads the budgets, so that none is made between its reading and its writing; any number at once. */
export async function shareBudgets(tx: Transaction): Promise<void> {
  await tx.execute(sql`lock table ai_usage in row exclusive mode`);
}

/** Held by whoever makes or recounts a budget: waits for all bookings that are under way, and lets none begin until the end. */
export async function holdBudgets(tx: Transaction): Promise<void> {
  await tx.execute(sql`lock table ai_usage in share row exclusive mode`);
}
