import { findDayDrift } from '#db/queries/drift.ts';
import { countActiveUsers } from '#db/queries/interactions.ts';
import { readUnsettled } from '#db/queries/ledger.ts';
import { countPendingUpdates } from '#db/queries/inbox.ts';
import { readRatios } from '../budgets/read-ratios.ts';
import type { ReportDeps } from './get-overview.ts';

/** What the metrics' gauges show, read in the background: active users, updates waiting, attempts not settled, the drift, budgets. */
export async function readGauges({ db, clock, reportingTimeZone }: ReportDeps) {
  const now = clock.now();
  const { dau, wau, mau } = await countActiveUsers(db, now);
  const unsettled = await readUnsettled(db);
  const ledgerDriftUsd = await findDayDrift(db);
  const budgetRatios = await readRatios(db, { now, reportingTimeZone });
  return { activeUsers: { '24h': dau, '7d': wau, '30d': mau }, pendingUpdateCount: await countPendingUpdates(db), unsettled, ledgerDriftUsd, budgetRatios };
}
