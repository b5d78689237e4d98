import { findDayDrift } from '#db/queries/drift.ts';
import { readUnsettled } from '#db/queries/ledger.ts';
import { readRatios } from '../budgets/read-ratios.ts';
import { readActiveUsers } from './active-users.ts';
import type { ReportDeps } from './report-kit.ts';
import { createEndedCounter, readQueueDepths, type EndedCounter } from './read-queue-depths.ts';

/**
 * What the metrics' gauges show, read in the background: active users, what is in the queues, attempts not settled, the drift,
 * budgets. Whoever reads again and again gives one counter for all readings.
 */
export async function readGauges(deps: ReportDeps, countEnded: EndedCounter = createEndedCounter()) {
  const { db, clock, reportingTimeZone } = deps;
  const now = clock.now();
  const { dau, wau, mau } = await readActiveUsers(deps);
  const unsettled = await readUnsettled(db);
  const ledgerDriftUsd = await findDayDrift(db);
  const budgetRatios = await readRatios(db, { now, reportingTimeZone });
  const queueDepths = await readQueueDepths(db, now, countEnded);
  const pendingUpdateCount = queueDepths.inbox.pending + queueDepths.inbox.active;
  return { activeUsers: { '24h': dau, '7d': wau, '30d': mau }, pendingUpdateCount, unsettled, ledgerDriftUsd, budgetRatios, queueDepths };
}
