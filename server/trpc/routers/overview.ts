import { Overview, OverviewInput } from '#server/contracts/overview.ts';
import { getOverview } from '#server/services/reports/get-overview.ts';
import { adminProcedure, router } from '../init.ts';

export const overviewRouter = router({
  /** The overview of a range; `BAD_REQUEST` says what a range may be. */
  get: adminProcedure
    .input(OverviewInput)
    .output(Overview)
    .query(({ ctx, input }) => getOverview(ctx.reports, input)),
});
