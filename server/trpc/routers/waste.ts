import { Waste, WasteInput } from '#server/contracts/waste.ts';
import { getWaste } from '#server/services/reports/get-waste.ts';
import { adminProcedure, router } from '../init.ts';

export const wasteRouter = router({
  /** What was spent in a range on what reached users, and what in vain. */
  get: adminProcedure
    .input(WasteInput)
    .output(Waste)
    .query(({ ctx, input }) => getWaste(ctx.reports, input)),
});
