import { INCIDENTS_LIMIT_MAX, type HealthHistory, type IncidentPage, type ListIncidentsInput, type ListWindowsInput, type WindowPage } from '#server/contracts/health-history.ts';
import type { HealthReport } from '#server/contracts/health.ts';
import type { Parity } from '#server/contracts/parity.ts';
import type { RangeInput } from '#server/contracts/time-range.ts';
import type { HealthCheckName } from '#server/contracts/vocabulary.ts';

/** What the address of the page asks for. */
export interface HealthQuery {
  readonly range: RangeInput;
  readonly incidents: ListIncidentsInput;
  readonly windows: ListWindowsInput;
}

/** What the loader of the page reads: a part for each section. */
export interface HealthData {
  readonly report: HealthReport;
  readonly history: HealthHistory;
  readonly incidents: IncidentPage;
  /** Whatever the range: from it the page tells since when a check is as it is. */
  readonly latest: IncidentPage;
  readonly windows: WindowPage;
  readonly parity: Parity | null;
}

/** Incidents of the last month, and those that last. */
export const LATEST_INCIDENTS: ListIncidentsInput = { range: '30d', limit: INCIDENTS_LIMIT_MAX };

/** Incidents that may be open now. */
export const OPEN_INCIDENTS: ListIncidentsInput = { range: '24h', isOpen: true, limit: INCIDENTS_LIMIT_MAX };

/** Incidents of a page. */
export const INCIDENTS_LIMIT = 10;

/** All that may run or be planned at a time. */
export const WINDOWS_LIMIT = INCIDENTS_LIMIT_MAX;

/** When a check began to be as it is, as far as its last incident tells. */
export interface Since {
  readonly at: string;
  readonly isDown: boolean;
}

/** By check; one without an incident of late is not in it. */
export function sinceByCheck({ rows }: Pick<IncidentPage, 'rows'>): ReadonlyMap<HealthCheckName | 'other', Since> {
  const since = new Map<HealthCheckName | 'other', Since>();
  // The newest first: what is known of a check already stands.
  for (const { check, startedAt, recoveredAt } of rows) if (!since.has(check)) since.set(check, { at: recoveredAt ?? startedAt, isDown: recoveredAt === null });
  return since;
}
