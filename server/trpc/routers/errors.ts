import { ErrorsInput, ErrorsReport } from '#server/contracts/errors.ts';
import { getErrors } from '#server/services/reports/get-errors.ts';
import { adminProcedure, router } from '../init.ts';

export const errorsRouter = router({
  /** What failed in a range; `BAD_REQUEST` says what a range, a handler and an error type may be. */
  get: adminProcedure
    .input(ErrorsInput)
    .output(ErrorsReport)
    .query(({ ctx, input }) => getErrors(ctx.reports, input)),
});
