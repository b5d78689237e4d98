import { AcknowledgeIncidentInput, IncidentPage, ListIncidentsInput } from '#server/contracts/health-history.ts';
import { acknowledgeIncident } from '#server/services/health/acknowledge-incident.ts';
import { listIncidents } from '#server/services/health/list-incidents.ts';
import { adminProcedure, operatorProcedure, router } from '../init.ts';

export const incidentsRouter = router({
  /** One page of the incidents that lasted into a range, the newest first. */
  list: adminProcedure
    .input(ListIncidentsInput)
    .output(IncidentPage)
    .query(({ ctx, input }) => listIncidents(ctx.reports, input)),
  /** `CONFLICT` when somebody has acknowledged it already. */
  acknowledge: operatorProcedure.input(AcknowledgeIncidentInput).mutation(({ ctx, input }) => acknowledgeIncident(ctx.reports, input, ctx.session.adminId)),
});
