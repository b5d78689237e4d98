import { Costs, CostsInput } from '#server/contracts/costs.ts';
import { getCosts } from '#server/services/reports/get-costs.ts';
import { adminProcedure, router } from '../init.ts';

export const costsRouter = router({
  /** What the models cost in a range; `BAD_REQUEST` says what a range and the filters may be. */
  get: adminProcedure
    .input(CostsInput)
    .output(Costs)
    .query(({ ctx, input }) => getCosts(ctx.reports, input)),
});
