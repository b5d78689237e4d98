import { PerformanceInput, PerformanceReport } from '#server/contracts/performance.ts';
import { getPerformance } from '#server/services/reports/get-performance.ts';
import { adminProcedure, router } from '../init.ts';

export const performanceRouter = router({
  /** How fast things were in a range; `BAD_REQUEST` says what a range, a family and its parts may be. */
  get: adminProcedure
    .input(PerformanceInput)
    .output(PerformanceReport)
    .query(({ ctx, input }) => getPerformance(ctx.reports, input)),
});
