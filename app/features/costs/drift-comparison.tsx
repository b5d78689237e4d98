import { useTranslation } from 'react-i18next';
import type { DriftCheck, DriftComparison } from '#server/contracts/drift.ts';
import { DataTable, type Column } from '../../components/data-table.tsx';
import { Instant } from '../../components/instant.tsx';
import { Money } from '../../components/money.tsx';
import { useFormat } from '../../lib/use-format.ts';
import { DriftAmount } from './drift-amount.tsx';

type ColumnKey = 'period' | 'since' | 'ledger' | 'provider' | 'difference' | 'reserved' | 'unknown' | 'estimated';

/** Both figures of each running UTC period, their difference, and the attempts that may explain it. */
export function DriftComparisonTable({ check }: { check: DriftCheck }) {
  const { t } = useTranslation();
  const format = useFormat();
  const column = (key: ColumnKey, render: Column<DriftComparison>['render'], isNumeric = true): Column<DriftComparison> => ({
    key,
    title: t(`drift.columns.${key}`),
    isNumeric,
    render,
  });
  const columns = [
    column('period', ({ period }) => t(`drift.periods.${period}`), false),
    column('difference', ({ differenceUsd }) => <DriftAmount usd={differenceUsd} />),
    column('ledger', ({ ledgerUsd }) => <Money usd={ledgerUsd} />),
    column('provider', ({ providerUsd }) => <Money usd={providerUsd} />),
    column('since', ({ startsAt }) => <time dateTime={startsAt}>{format.day(startsAt, 'UTC')}</time>, false),
    column('reserved', ({ reservedCount }) => format.count(reservedCount)),
    column('unknown', ({ unknownCount }) => format.count(unknownCount)),
    column('estimated', ({ estimatedCount }) => format.count(estimatedCount)),
  ];
  return <DataTable caption={t('drift.title')} columns={columns} rows={check.comparisons} rowKey={({ period }) => period} />;
}

/** The differences of the last measurements. */
export function DriftHistory({ history, timeZone }: { history: readonly DriftCheck[]; timeZone: string }) {
  const { t } = useTranslation();
  const column = (period: DriftComparison['period']): Column<DriftCheck> => ({
    key: period,
    title: t(`drift.history.${period}`),
    isNumeric: true,
    render: ({ comparisons }) => comparisons.filter((row) => row.period === period).map((row) => <DriftAmount key={period} usd={row.differenceUsd} />),
  });
  const columns: Column<DriftCheck>[] = [
    { key: 'at', title: t('drift.history.at'), render: ({ checkedAt }) => <Instant at={checkedAt} timeZone={timeZone} isPrecise /> },
    column('day'),
    column('week'),
    column('month'),
  ];
  return (
    <details className="chart-table">
      <summary>{t('drift.history.title')}</summary>
      <DataTable caption={t('drift.history.title')} columns={columns} rows={history} rowKey={({ checkedAt }) => checkedAt} />
    </details>
  );
}
