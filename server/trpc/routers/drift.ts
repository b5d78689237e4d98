import { Drift } from '#server/contracts/drift.ts';
import { getDrift } from '#server/services/drift/get-drift.ts';
import { measureOnDemand } from '#server/services/drift/measure-on-demand.ts';
import { adminProcedure, operatorProcedure, router } from '../init.ts';

export const driftRouter = router({
  /** How far the ledger and the provider's own totals are apart, as last measured. */
  get: adminProcedure.output(Drift).query(({ ctx }) => getDrift(ctx.reports, ctx.drift !== null)),
  /** Measures now. `CONFLICT` without OpenRouter, `TOO_MANY_REQUESTS` within ten seconds, `SERVICE_UNAVAILABLE` when it cannot be asked. */
  measure: operatorProcedure.mutation(({ ctx }) => measureOnDemand({ ...ctx.reports, source: ctx.drift }, ctx.session.adminId)),
});
