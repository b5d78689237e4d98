import { eq } from 'drizzle-orm';
import { maintenanceWindows } from '#db/schema/index.ts';
import type { WindowIdInput } from '#server/contracts/health-history.ts';
import { AppError } from '#server/errors.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ReportDeps } from '../reports/report-kit.ts';
import { holdWindow, windowStateAt } from './window-state.ts';

/** Deletes a window that has not begun. Throws `AppError` `not_found`, or `conflict` when it has. */
export async function deleteWindow({ db, clock }: Pick<ReportDeps, 'db' | 'clock'>, { windowId }: WindowIdInput, adminId: number): Promise<void> {
  await db.transaction(async (tx) => {
    const window = await holdWindow(tx, windowId);
    const at = clock.now();
    if (windowStateAt(window, at) !== 'planned') throw new AppError('conflict', 'This maintenance window has begun: it is on record.');
    await tx.delete(maintenanceWindows).where(eq(maintenanceWindows.id, windowId));
    const { startsAt, endsAt, checks, reason } = window;
    const details = { startsAt: startsAt.toISOString(), endsAt: endsAt.toISOString(), checks, reason };
    await recordAudit(tx, { at, adminId, action: 'maintenance.delete', subject: `maintenance:${windowId}`, details });
  });
}
