import { listWindows as queryWindows } from '#db/queries/incidents.ts';
import { INCIDENTS_LIMIT_DEFAULT, type ListWindowsInput, type WindowPage } from '#server/contracts/health-history.ts';
import type { ReportDeps } from '../reports/report-kit.ts';
import { checkOf } from './known-names.ts';
import { windowStateAt } from './window-state.ts';

/** One page of the maintenance windows, those that were made last first. */
export async function listWindows({ db, clock, reportingTimeZone }: ReportDeps, input: ListWindowsInput): Promise<WindowPage> {
  const now = clock.now();
  const limit = input.limit ?? INCIDENTS_LIMIT_DEFAULT;
  const found = await queryWindows(db, { before: input.before, limit: limit + 1 });
  const shown = found.slice(0, limit);
  return {
    generatedAt: now.toISOString(),
    timeZone: reportingTimeZone,
    rows: shown.map(({ window, createdBy, incidentCount }) => ({
      windowId: window.id,
      startsAt: window.startsAt.toISOString(),
      endsAt: window.endsAt.toISOString(),
      state: windowStateAt(window, now),
      checks: window.checks.map(checkOf),
      reason: window.reason,
      createdBy,
      createdAt: window.createdAt.toISOString(),
      incidentCount,
    })),
    nextBefore: found.length > limit ? (shown.at(-1)?.window.id ?? null) : null,
  };
}
