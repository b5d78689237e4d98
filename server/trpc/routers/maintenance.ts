import { z } from 'zod';
import { CreateWindowInput, ListWindowsInput, WindowIdInput, WindowPage } from '#server/contracts/health-history.ts';
import { createWindow } from '#server/services/health/create-window.ts';
import { deleteWindow } from '#server/services/health/delete-window.ts';
import { endWindow } from '#server/services/health/end-window.ts';
import { listWindows } from '#server/services/health/list-windows.ts';
import { adminProcedure, operatorProcedure, router } from '../init.ts';

export const maintenanceRouter = router({
  /** One page of the maintenance windows, those that were made last first. */
  list: adminProcedure
    .input(ListWindowsInput)
    .output(WindowPage)
    .query(({ ctx, input }) => listWindows(ctx.reports, input)),
  /** `BAD_REQUEST` says which value is refused and why, `CONFLICT` that there are too many. */
  create: operatorProcedure
    .input(CreateWindowInput)
    .output(z.object({ windowId: z.int() }))
    .mutation(async ({ ctx, input }) => ({ windowId: await createWindow(ctx.reports, input, ctx.session.adminId) })),
  /** Ends a running window early; `CONFLICT` when it does not run. */
  end: operatorProcedure.input(WindowIdInput).mutation(({ ctx, input }) => endWindow(ctx.reports, input, ctx.session.adminId)),
  /** `CONFLICT` when the window has begun. */
  delete: operatorProcedure.input(WindowIdInput).mutation(({ ctx, input }) => deleteWindow(ctx.reports, input, ctx.session.adminId)),
});
