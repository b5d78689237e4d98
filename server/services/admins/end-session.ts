import { eq } from 'drizzle-orm';
import { sessions } from '#db/schema/admins.ts';
import { hashToken } from './hash-token.ts';
import type { SessionDeps } from './types.ts';

/** Ends the session of a token, in every replica at once. Unknown tokens are fine. */
export async function endSession({ db, secret }: Pick<SessionDeps, 'db' | 'secret'>, token: string): Promise<void> {
  await db.delete(sessions).where(eq(sessions.tokenHash, hashToken(secret, token)));
}
