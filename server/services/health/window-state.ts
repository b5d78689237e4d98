import { eq } from 'drizzle-orm';
import type { Transaction } from '#db/client.ts';
import { maintenanceWindows, type MaintenanceWindow } from '#db/schema/index.ts';
import type { WindowState } from '#server/contracts/health-history.ts';
import { AppError } from '#server/errors.ts';

/** Whether a window has begun, and whether it has ended. */
export function windowStateAt({ startsAt, endsAt }: Pick<MaintenanceWindow, 'startsAt' | 'endsAt'>, at: Date): WindowState {
  if (at < startsAt) return 'planned';
  return at < endsAt ? 'running' : 'over';
}

/** A window that nobody else changes until the end of the transaction. Throws `AppError` `not_found`. */
export async function holdWindow(tx: Transaction, windowId: number): Promise<MaintenanceWindow> {
  const [window] = await tx.select().from(maintenanceWindows).where(eq(maintenanceWindows.id, windowId)).for('update');
  if (!window) throw new AppError('not_found', 'There is no such maintenance window.');
  return window;
}
