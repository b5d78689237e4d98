import { eq } from 'drizzle-orm';
import { admins } from '#db/schema/admins.ts';
import type { LoginInput } from '#server/contracts/login.ts';
import type { NewSession } from '#server/contracts/load-context.ts';
import { AppError } from '#server/errors.ts';
import { createSession } from './create-session.ts';
import { accountSubject, addressSubject, clearAttempts, takeAttempt } from './throttle-attempts.ts';
import type { AdminDeps } from './types.ts';

/**
 * Begins a session for an e-mail and its password. Rejects with `unauthenticated` (wrong password, unknown or disabled
 * account: same words, same work) or `too_many_requests`.
 */
export async function logIn(deps: AdminDeps, { email, password }: LoginInput, clientAddress: string): Promise<NewSession> {
  const account = accountSubject(email);
  const address = addressSubject(clientAddress);
  await takeAttempt(deps, [account, address]);
  const [admin] = await deps.db.select().from(admins).where(eq(admins.email, email.toLowerCase()));
  const isEnabled = admin !== undefined && admin.disabledAt === null;
  const isRight = await deps.passwords.verify(isEnabled ? admin.passwordHash : null, password);
  if (!isEnabled || !isRight) {
    deps.logger.warn({ event: 'login_failed', adminId: admin?.id ?? null, clientAddress }, 'log-in refused');
    throw new AppError('unauthenticated', 'E-mail or password is wrong.');
  }
  await clearAttempts(deps, [account]);
  const session = await createSession(deps, admin.id);
  deps.logger.info({ event: 'login', adminId: admin.id, clientAddress }, 'logged in');
  return session;
}
