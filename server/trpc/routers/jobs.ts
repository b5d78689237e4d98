import { JobsInput, JobsReport } from '#server/contracts/jobs.ts';
import { getJobs } from '#server/services/reports/get-jobs.ts';
import { adminProcedure, router } from '../init.ts';

export const jobsRouter = router({
  /** What schedules and jobs did in a range, and how they stand; `BAD_REQUEST` says what a range and a name may be. */
  get: adminProcedure
    .input(JobsInput)
    .output(JobsReport)
    .query(({ ctx, input }) => getJobs(ctx.reports, input)),
});
