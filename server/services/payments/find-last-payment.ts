import { desc, eq } from 'drizzle-orm';
import type { Executor } from '#db/client.ts';
import { payments, type Payment } from '#db/schema/index.ts';

/** The last payment of a user, refunded or not; null for none. */
export async function findLastPayment(executor: Executor, userId: number): Promise<Payment | null> {
  const [payment] = await executor.select().from(payments).where(eq(payments.userId, userId)).orderBy(desc(payments.paidAt), desc(payments.id)).limit(1);
  return payment ?? null;
}
