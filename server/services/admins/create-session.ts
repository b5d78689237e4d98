import { sessions } from '#db/schema/admins.ts';
import type { NewSession } from '#server/contracts/load-context.ts';
import { createToken, hashToken } from './hash-token.ts';
import type { SessionDeps } from './types.ts';

/** A session ends twelve hours after it began, used or not. */
const SESSION_DURATION_MS = 12 * 3_600_000;

/** Begins a session of an admin. The only way to make one; the token leaves here and is nowhere else in clear. */
export async function createSession({ db, clock, secret }: SessionDeps, adminId: number): Promise<NewSession> {
  const token = createToken();
  const now = clock.now();
  const expiresAt = new Date(now.getTime() + SESSION_DURATION_MS);
  await db.insert(sessions).values({ tokenHash: hashToken(secret, token), adminId, createdAt: now, lastSeenAt: now, expiresAt });
  return { token, expiresAt };
}
