import { HealthHistory, HealthHistoryInput } from '#server/contracts/health-history.ts';
import { getHistory } from '#server/services/health/get-history.ts';
import { adminProcedure, router } from '../init.ts';

export const healthHistoryRouter = router({
  /** How each check did over a range; `BAD_REQUEST` says why a range is refused. */
  get: adminProcedure
    .input(HealthHistoryInput)
    .output(HealthHistory)
    .query(({ ctx, input }) => getHistory(ctx.reports, input)),
});
