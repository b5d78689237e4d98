import { and, isNull, lt, ne } from 'drizzle-orm';
import type { Executor } from '#db/client.ts';
import { driftActivity, driftChecks, inbox, invoices, loginAttempts, scheduleRuns, sessions, setupCodes } from '#db/schema/index.ts';
import { deleteOldOutages } from './delete-old-outages.ts';

const DAY_MS = 86_400_000;
/** How long finished updates stay: longer than Telegram may send one again (24 h). */
const INBOX_DAYS = 7;
const SCHEDULE_RUN_DAYS = 30;
const LOGIN_ATTEMPT_DAYS = 1;
const DRIFT_CHECK_DAYS = 90;
/** The longest range of a report, and for what is shown beside one. */
const REPORTED_DAYS = 400;
/** An invoice may be paid for a day; what became of it is asked for a while longer. */
const UNPAID_INVOICE_DAYS = 30;

/**
 * Deletes what nothing reads any more: finished updates, old runs, log-in attempts, comparisons with the provider, outages and
 * their alerts, invoices that nobody paid, expired sessions and setup codes.
 */
export async function deleteExpired(executor: Executor, now: Date): Promise<void> {
  const daysAgo = (days: number) => new Date(now.getTime() - days * DAY_MS);
  await executor.delete(inbox).where(and(ne(inbox.status, 'pending'), lt(inbox.finishedAt, daysAgo(INBOX_DAYS))));
  await executor.delete(scheduleRuns).where(lt(scheduleRuns.dueAt, daysAgo(SCHEDULE_RUN_DAYS)));
  await executor.delete(loginAttempts).where(lt(loginAttempts.at, daysAgo(LOGIN_ATTEMPT_DAYS)));
  await executor.delete(driftChecks).where(lt(driftChecks.checkedAt, daysAgo(DRIFT_CHECK_DAYS)));
  await executor.delete(driftActivity).where(lt(driftActivity.date, daysAgo(REPORTED_DAYS).toISOString().slice(0, 10)));
  await executor.delete(invoices).where(and(isNull(invoices.paidAt), lt(invoices.sentAt, daysAgo(UNPAID_INVOICE_DAYS))));
  await deleteOldOutages(executor, daysAgo(REPORTED_DAYS));
  await executor.delete(sessions).where(lt(sessions.expiresAt, now));
  await executor.delete(setupCodes).where(lt(setupCodes.expiresAt, now));
}
