import { eq } from 'drizzle-orm';
import { incidents } from '#db/schema/index.ts';
import type { AcknowledgeIncidentInput } from '#server/contracts/health-history.ts';
import { AppError } from '#server/errors.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ReportDeps } from '../reports/report-kit.ts';

/**
 * Notes that somebody knows of an incident, and what they say of it; whether it is over does not matter. The same words of
 * the same admin again change nothing. Throws `AppError` `not_found`, or `conflict` when it is acknowledged already.
 */
export async function acknowledgeIncident(
  { db, clock }: Pick<ReportDeps, 'db' | 'clock'>,
  { incidentId, note }: AcknowledgeIncidentInput,
  adminId: number,
): Promise<void> {
  await db.transaction(async (tx) => {
    const [incident] = await tx.select().from(incidents).where(eq(incidents.id, incidentId)).for('update');
    if (!incident) throw new AppError('not_found', 'There is no such incident.');
    if (incident.acknowledgedAt) {
      if (incident.acknowledgedBy === adminId && incident.note === note) return;
      throw new AppError('conflict', 'This incident is acknowledged already.');
    }
    const at = clock.now();
    await tx.update(incidents).set({ acknowledgedAt: at, acknowledgedBy: adminId, note }).where(eq(incidents.id, incidentId));
    await recordAudit(tx, { at, adminId, action: 'incident.acknowledge', subject: `incident:${incidentId}`, details: { check: incident.check, note } });
  });
}
