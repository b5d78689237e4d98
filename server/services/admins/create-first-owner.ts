import { sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.ts';
import { admins } from '#db/schema/admins.ts';
import { AppError } from '#server/errors.ts';
import { checkPassword } from './check-password.ts';
import type { AdminDeps } from './types.ts';

/** Any constant will do; it must be the same in all replicas. */
const FIRST_OWNER_LOCK_KEY = 7_238_441_003;

/** Whether anybody may log in yet. */
export async function hasOwner({ db }: Pick<AdminDeps, 'db'>): Promise<boolean> {
  const found = await db.select({ id: admins.id }).from(admins).limit(1);
  return found.length > 0;
}

export interface NewOwner {
  readonly email: string;
  readonly password: string;
}

/**
 * Makes the first owner and returns the id. Whatever number of processes try at once, one succeeds; the others reject
 * with `conflict`. `bad_input` for a password that is no good. `inTransaction` runs first, in the same transaction.
 */
export async function createFirstOwner(
  { db, clock, passwords }: Omit<AdminDeps, 'logger'>,
  { email, password }: NewOwner,
  inTransaction: (tx: Transaction) => Promise<void> = async () => undefined,
): Promise<number> {
  checkPassword(email, password);
  const passwordHash = await passwords.hash(password);
  return db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${FIRST_OWNER_LOCK_KEY})`);
    const existing = await tx.select({ id: admins.id }).from(admins).limit(1);
    if (existing.length > 0) throw new AppError('conflict', 'This installation has an owner already. Log in instead.');
    await inTransaction(tx);
    const [created] = await tx
      .insert(admins)
      .values({ email: email.toLowerCase(), passwordHash, role: 'owner', createdAt: clock.now() })
      .returning({ id: admins.id });
    if (!created) throw new AppError('internal', 'Something went wrong on our side.');
    return created.id;
  });
}
