import { listDriftActivity, listDriftChecks, listUnmatched, summarizeDriftActivity } from '#db/queries/drift.ts';
import type { DriftCheck as CheckRow } from '#db/schema/index.ts';
import {
  DRIFT_ACTIVITY_MAX, DRIFT_HISTORY_MAX, DRIFT_PERIODS, DRIFT_UNMATCHED_MAX, type Drift, type DriftCheck, type DriftComparison,
} from '#server/contracts/drift.ts';
import { subtractUsd, toLedgerUsd } from '#server/lib/money.ts';
import type { ReportDeps } from '../reports/report-kit.ts';
import { startOfPeriod } from './start-of-period.ts';

/** How far the ledger and the provider's totals are apart, as last measured, and the attempts that may explain it; read from one snapshot. */
export async function getDrift({ db, clock, reportingTimeZone }: ReportDeps, isConfigured: boolean): Promise<Drift> {
  const now = clock.now();
  const read = await db.transaction(
    async (tx) => ({
      checks: await listDriftChecks(tx, DRIFT_HISTORY_MAX),
      unmatched: await listUnmatched(tx, startOfPeriod(now, 'month'), DRIFT_UNMATCHED_MAX),
      activity: await listDriftActivity(tx, DRIFT_ACTIVITY_MAX),
      activitySummary: await summarizeDriftActivity(tx),
    }),
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  );
  const history = toHistory(read.checks);
  const { checkedAt, totalCount } = read.activitySummary;
  return {
    timeZone: reportingTimeZone,
    generatedAt: now.toISOString(),
    isConfigured,
    latest: history[0] ?? null,
    history,
    unmatched: {
      rows: read.unmatched.map(({ totalCount: _totalCount, startedAt, ...row }) => ({ ...row, startedAt: startedAt.toISOString() })),
      totalCount: read.unmatched[0]?.totalCount ?? 0,
    },
    activity: checkedAt && {
      checkedAt: checkedAt.toISOString(),
      rows: read.activity.map(({ checkedAt: _checkedAt, ...row }) => ({ ...row, differenceUsd: difference(row) })),
      totalCount,
    },
  };
}

function toHistory(checks: readonly CheckRow[]): DriftCheck[] {
  const byCheck = Map.groupBy(checks, ({ checkedAt }) => checkedAt.toISOString());
  return [...byCheck].map(([checkedAt, rows]) => ({
    checkedAt,
    comparisons: DRIFT_PERIODS.flatMap((period) => rows.filter((row) => row.period === period).map(toComparison)),
  }));
}

function toComparison({ checkedAt: _checkedAt, startsAt, ...row }: CheckRow): DriftComparison {
  return { ...row, startsAt: startsAt.toISOString(), differenceUsd: difference(row) };
}

function difference({ providerUsd, ledgerUsd }: { readonly providerUsd: string; readonly ledgerUsd: string }): string {
  return toLedgerUsd(subtractUsd(providerUsd, ledgerUsd));
}
