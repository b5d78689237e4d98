import { HealthReport } from '#server/contracts/health.ts';
import { adminProcedure, router } from '../init.ts';

export const healthRouter = router({
  /** The checks as last sampled; reads memory only. */
  get: adminProcedure.output(HealthReport).query(({ ctx }) => ctx.health.report()),
});
