import { createHash } from 'node:crypto';
import { and, count, eq, gt, inArray, sql } from 'drizzle-orm';
import { loginAttempts } from '#db/schema/admins.ts';
import { AppError } from '#server/errors.ts';
import type { SessionDeps } from './types.ts';

const WINDOW_MS = 15 * 60_000;

/** Whom attempts are counted for, and how many the window allows. */
export interface ThrottleSubject {
  /** SHA-256 with its kind in front: the table names nobody. */
  readonly key: string;
  readonly attemptsMax: number;
}

function subject(kind: string, value: string, attemptsMax: number): ThrottleSubject {
  return { key: `${kind}:${createHash('sha256').update(value).digest('hex')}`, attemptsMax };
}

/** Ten tries on an account in 15 minutes, wherever they come from. */
export const accountSubject = (email: string): ThrottleSubject => subject('account', email.toLowerCase(), 10);
/** Thirty tries from an address in 15 minutes, whatever accounts they name. */
export const addressSubject = (clientAddress: string): ThrottleSubject => subject('address', clientAddress, 30);
export const setupSubject = (clientAddress: string): ThrottleSubject => subject('setup', clientAddress, 30);

/**
 * Takes one attempt for every subject, or none and throws `too_many_requests` when one of them has used up its window.
 * Counted in Postgres under a lock per subject, so replicas share the limit exactly.
 */
export async function takeAttempt({ db, clock }: Pick<SessionDeps, 'db' | 'clock'>, subjects: readonly ThrottleSubject[]): Promise<void> {
  const now = clock.now();
  const since = new Date(now.getTime() - WINDOW_MS);
  // Everybody locks in the same order, so two attempts cannot wait for each other.
  const ordered = [...subjects].sort((a, b) => (a.key < b.key ? -1 : 1));
  await db.transaction(async (tx) => {
    for (const { key, attemptsMax } of ordered) {
      await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`);
      const [row] = await tx
        .select({ attempts: count() })
        .from(loginAttempts)
        .where(and(eq(loginAttempts.subject, key), gt(loginAttempts.at, since)));
      if ((row?.attempts ?? 0) >= attemptsMax) throw new AppError('too_many_requests', 'Too many attempts. Try again in 15 minutes.');
    }
    await tx.insert(loginAttempts).values(ordered.map(({ key }) => ({ subject: key, at: now })));
  });
}

/** Forgets the attempts of the subjects: a success proves who they are. */
export async function clearAttempts({ db }: Pick<SessionDeps, 'db'>, subjects: readonly ThrottleSubject[]): Promise<void> {
  await db.delete(loginAttempts).where(inArray(loginAttempts.subject, subjects.map(({ key }) => key)));
}
