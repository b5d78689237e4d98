import { listIncidents as queryIncidents } from '#db/queries/incidents.ts';
import { INCIDENTS_LIMIT_DEFAULT, type IncidentPage, type IncidentRow, type ListIncidentsInput } from '#server/contracts/health-history.ts';
import type { ReportDeps } from '../reports/report-kit.ts';
import { resolveRange } from '../reports/resolve-range.ts';
import { decodePlace, encodePlace } from './incident-cursor.ts';
import { checkOf, codeOf } from './known-names.ts';

/**
 * One page of the incidents that lasted into a range, the newest first. Throws `AppError` `bad_input` for a cursor that
 * is none.
 */
export async function listIncidents({ db, clock, reportingTimeZone }: ReportDeps, input: ListIncidentsInput): Promise<IncidentPage> {
  const now = clock.now();
  const { preset, from, to } = resolveRange(input, { now, timeZone: reportingTimeZone });
  const limit = input.limit ?? INCIDENTS_LIMIT_DEFAULT;
  const after = input.cursor === undefined ? null : decodePlace(input.cursor);
  const found = await queryIncidents(db, { range: { from, to }, check: input.check, isOpen: input.isOpen, after, limit: limit + 1 });
  const shown = found.slice(0, limit);
  const last = shown.at(-1)?.incident;
  return {
    range: { preset, from: from.toISOString(), to: to.toISOString() },
    generatedAt: now.toISOString(),
    timeZone: reportingTimeZone,
    rows: shown.map((row) => toRow(row, now)),
    nextCursor: found.length > limit && last ? encodePlace(last) : null,
  };
}

type Found = Awaited<ReturnType<typeof queryIncidents>>[number];

function toRow({ incident, acknowledgedBy }: Found, now: Date): IncidentRow {
  const { id, check, startedAt, openedAt, recoveredAt, code, detail, acknowledgedAt, note, maintenanceWindowId } = incident;
  return {
    incidentId: id,
    check: checkOf(check),
    startedAt: startedAt.toISOString(),
    openedAt: openedAt.toISOString(),
    recoveredAt: recoveredAt?.toISOString() ?? null,
    durationMs: Math.max((recoveredAt ?? now).getTime() - startedAt.getTime(), 0),
    code: codeOf(code),
    detail,
    acknowledgedAt: acknowledgedAt?.toISOString() ?? null,
    acknowledgedBy,
    note,
    maintenanceWindowId,
  };
}
