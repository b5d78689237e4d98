import { countActiveUsers } from '#db/queries/interactions.ts';
import { readUnsettled } from '#db/queries/ledger.ts';
import { countPendingUpdates } from '#db/queries/inbox.ts';
import type { ReportDeps } from './get-overview.ts';

/** What the metrics' gauges show, read in the background: active users, updates waiting, attempts not settled. */
export async function readGauges({ db, clock }: Pick<ReportDeps, 'db' | 'clock'>) {
  const { dau, wau, mau } = await countActiveUsers(db, clock.now());
  const unsettled = await readUnsettled(db);
  return { activeUsers: { '24h': dau, '7d': wau, '30d': mau }, pendingUpdateCount: await countPendingUpdates(db), unsettled };
}
