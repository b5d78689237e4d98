import { eq } from 'drizzle-orm';
import { maintenanceWindows } from '#db/schema/index.ts';
import type { WindowIdInput } from '#server/contracts/health-history.ts';
import { AppError } from '#server/errors.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ReportDeps } from '../reports/report-kit.ts';
import { holdWindow, windowStateAt } from './window-state.ts';

/**
 * Ends a running window now; incidents that began in it stay its own. Throws `AppError` `not_found`, or `conflict` when it
 * is over or has not begun.
 */
export async function endWindow({ db, clock }: Pick<ReportDeps, 'db' | 'clock'>, { windowId }: WindowIdInput, adminId: number): Promise<void> {
  await db.transaction(async (tx) => {
    const window = await holdWindow(tx, windowId);
    const at = clock.now();
    const state = windowStateAt(window, at);
    if (state === 'over') throw new AppError('conflict', 'This maintenance window is over already.');
    if (state === 'planned') throw new AppError('conflict', 'This maintenance window has not begun. Delete it instead.');
    // A window lasts some time: one that is ended as it begins has lasted a millisecond.
    const endsAt = new Date(Math.max(at.getTime(), window.startsAt.getTime() + 1));
    await tx.update(maintenanceWindows).set({ endsAt }).where(eq(maintenanceWindows.id, windowId));
    const details = { endsAt: endsAt.toISOString(), plannedEndsAt: window.endsAt.toISOString() };
    await recordAudit(tx, { at, adminId, action: 'maintenance.end', subject: `maintenance:${windowId}`, details });
  });
}
