import { and, eq, gt, isNull } from 'drizzle-orm';
import { setupCodes } from '#db/schema/admins.ts';
import type { SetupInput } from '#server/contracts/login.ts';
import { AppError } from '#server/errors.ts';
import { createFirstOwner, hasOwner } from './create-first-owner.ts';
import { hashToken } from './hash-token.ts';
import type { AdminDeps } from './types.ts';

function refuse(): never {
  throw new AppError('forbidden', 'This setup link is wrong, used or expired. Start the server again to get a new one.');
}

/**
 * Makes the first owner of whoever holds the setup code, and returns the id. The code is used up in the same transaction.
 * Rejects with `conflict` when there is an owner, `forbidden` when the code is not good, `bad_input` for the password.
 */
export async function redeemSetupCode(deps: AdminDeps, { code, email, password }: SetupInput): Promise<number> {
  if (await hasOwner(deps)) throw new AppError('conflict', 'This installation has an owner already. Log in instead.');
  const now = deps.clock.now();
  const isGood = and(eq(setupCodes.codeHash, hashToken(deps.secret, code)), isNull(setupCodes.usedAt), gt(setupCodes.expiresAt, now));
  // Looked at before the costly hash, so that a guessed code costs us one read.
  const known = await deps.db.select({ codeHash: setupCodes.codeHash }).from(setupCodes).where(isGood);
  if (known.length === 0) refuse();
  return createFirstOwner(deps, { email, password }, async (tx) => {
    const used = await tx.update(setupCodes).set({ usedAt: now }).where(isGood).returning({ codeHash: setupCodes.codeHash });
    if (used.length === 0) refuse();
  });
}
