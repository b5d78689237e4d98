import { and, eq, gt, isNull, lt } from 'drizzle-orm';
import { admins, sessions } from '#db/schema/admins.ts';
import type { SessionInfo } from '#server/contracts/login.ts';
import { hashToken } from './hash-token.ts';
import type { SessionDeps } from './types.ts';

/** A session ends after half an hour without a request. */
const SESSION_IDLE_MS = 30 * 60_000;
/** The last use is written at most this often, so that reading pages does not write rows. */
const LAST_SEEN_STEP_MS = 60_000;
/** What `createToken` makes; anything else need not reach the database. */
const TOKEN_SHAPE = /^[\w-]{43}$/;

/** Whose session a token is, or null when it is unknown, ended, idle for too long, or its admin is disabled. Notes the use. */
export async function findSession({ db, clock, secret }: SessionDeps, token: string): Promise<SessionInfo | null> {
  if (!TOKEN_SHAPE.test(token)) return null;
  const tokenHash = hashToken(secret, token);
  const now = clock.now();
  const isAlive = and(eq(sessions.tokenHash, tokenHash), gt(sessions.expiresAt, now), gt(sessions.lastSeenAt, new Date(now.getTime() - SESSION_IDLE_MS)));
  const [found] = await db
    .select({ adminId: admins.id, email: admins.email, role: admins.role, lastSeenAt: sessions.lastSeenAt })
    .from(sessions)
    .innerJoin(admins, eq(admins.id, sessions.adminId))
    .where(and(isAlive, isNull(admins.disabledAt)));
  if (!found) return null;
  const stale = new Date(now.getTime() - LAST_SEEN_STEP_MS);
  if (found.lastSeenAt <= stale) {
    await db.update(sessions).set({ lastSeenAt: now }).where(and(eq(sessions.tokenHash, tokenHash), lt(sessions.lastSeenAt, now)));
  }
  return { adminId: found.adminId, email: found.email, role: found.role };
}
