import { isNull } from 'drizzle-orm';
import { setupCodes } from '#db/schema/admins.ts';
import { createToken, hashToken } from './hash-token.ts';
import type { SessionDeps } from './types.ts';

const SETUP_CODE_DURATION_MS = 24 * 3_600_000;

/** A fresh one-time code that makes the first owner within 24 hours. Codes issued before and not used become void. */
export async function issueSetupCode({ db, clock, secret }: SessionDeps): Promise<string> {
  const code = createToken();
  const now = clock.now();
  await db.transaction(async (tx) => {
    await tx.delete(setupCodes).where(isNull(setupCodes.usedAt));
    await tx.insert(setupCodes).values({ codeHash: hashToken(secret, code), createdAt: now, expiresAt: new Date(now.getTime() + SETUP_CODE_DURATION_MS) });
  });
  return code;
}
