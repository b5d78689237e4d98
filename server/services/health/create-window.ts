import { count, gt } from 'drizzle-orm';
import type { Transaction } from '#db/client.ts';
import { maintenanceWindows } from '#db/schema/index.ts';
import { OPEN_WINDOWS_MAX, type CreateWindowInput } from '#server/contracts/health-history.ts';
import { AppError, invariant } from '#server/errors.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ReportDeps } from '../reports/report-kit.ts';

/**
 * Makes a maintenance window and returns its id; it may have begun, for incidents that are still to come. Throws `AppError`
 * `bad_input` when it would be over already, or `conflict` when too many are running or planned.
 */
export async function createWindow({ db, clock }: Pick<ReportDeps, 'db' | 'clock'>, input: CreateWindowInput, adminId: number): Promise<number> {
  const at = clock.now();
  const { checks, reason } = input;
  const [startsAt, endsAt] = [new Date(input.startsAt), new Date(input.endsAt)];
  if (endsAt <= at) throw new AppError('bad_input', 'endsAt must lie in the future');
  return db.transaction(async (tx) => {
    await requireRoom(tx, at);
    const [window] = await tx.insert(maintenanceWindows).values({ startsAt, endsAt, checks, reason, createdBy: adminId, createdAt: at }).returning();
    invariant(window, 'an inserted window is returned');
    const details = { startsAt: startsAt.toISOString(), endsAt: endsAt.toISOString(), checks, reason };
    await recordAudit(tx, { at, adminId, action: 'maintenance.create', subject: `maintenance:${window.id}`, details });
    return window.id;
  });
}

async function requireRoom(tx: Transaction, at: Date): Promise<void> {
  const [open] = await tx.select({ count: count() }).from(maintenanceWindows).where(gt(maintenanceWindows.endsAt, at));
  if ((open?.count ?? 0) < OPEN_WINDOWS_MAX) return;
  throw new AppError('conflict', `There may be at most ${OPEN_WINDOWS_MAX} maintenance windows that run or are planned. Delete one first.`);
}
