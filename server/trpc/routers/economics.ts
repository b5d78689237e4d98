import { Economics, EconomicsInput } from '#server/contracts/economics.ts';
import { getEconomics } from '#server/services/reports/get-economics.ts';
import { adminProcedure, router } from '../init.ts';

export const economicsRouter = router({
  /** Revenue against cost of a range; `BAD_REQUEST` says what a range and `top` may be. */
  get: adminProcedure
    .input(EconomicsInput)
    .output(Economics)
    .query(({ ctx, input }) => getEconomics(ctx.reports, input)),
});
