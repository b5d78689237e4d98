import { and, lt, ne } from 'drizzle-orm';
import type { Executor } from '#db/client.ts';
import { driftChecks, inbox, loginAttempts, scheduleRuns, sessions, setupCodes } from '#db/schema/index.ts';

const DAY_MS = 86_400_000;
/** How long finished updates stay: longer than Telegram may send one again (24 h). */
const INBOX_DAYS = 7;
const SCHEDULE_RUN_DAYS = 30;
const LOGIN_ATTEMPT_DAYS = 1;
const DRIFT_CHECK_DAYS = 90;

/** Deletes what nothing reads any more: finished updates, old runs, log-in attempts and comparisons with the provider, expired sessions and setup codes. */
export async function deleteExpired(executor: Executor, now: Date): Promise<void> {
  const daysAgo = (days: number) => new Date(now.getTime() - days * DAY_MS);
  await executor.delete(inbox).where(and(ne(inbox.status, 'pending'), lt(inbox.finishedAt, daysAgo(INBOX_DAYS))));
  await executor.delete(scheduleRuns).where(lt(scheduleRuns.dueAt, daysAgo(SCHEDULE_RUN_DAYS)));
  await executor.delete(loginAttempts).where(lt(loginAttempts.at, daysAgo(LOGIN_ATTEMPT_DAYS)));
  await executor.delete(driftChecks).where(lt(driftChecks.checkedAt, daysAgo(DRIFT_CHECK_DAYS)));
  await executor.delete(sessions).where(lt(sessions.expiresAt, now));
  await executor.delete(setupCodes).where(lt(setupCodes.expiresAt, now));
}
