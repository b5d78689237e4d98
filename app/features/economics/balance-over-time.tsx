import { Card } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Economics } from '#server/contracts/economics.ts';
import { BalanceChart } from '../../charts/balance-chart.tsx';
import type { Balance } from '../../charts/balance.ts';
import { DataTable, type Column } from '../../components/data-table.tsx';
import { ExportLink } from '../../components/export-link.tsx';
import { Section } from '../../components/section.tsx';
import { BUCKET_CUTS, findCuts, type BucketCut } from '../../lib/bucket-cut.ts';
import { nameBucket } from '../../lib/bucket-name.ts';
import { toPlotValue } from '../../lib/format/money.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useAccountColumns } from './use-account-columns.tsx';

type Row = Economics['overTime'][number] & { readonly cut: BucketCut | null };

/** Revenue, cost and margin of every bucket of the range, as a chart and as a table. */
export function BalanceOverTime({ report: { range, total, overTime } }: { report: Economics }) {
  const { t } = useTranslation();
  const format = useFormat();
  const rows = useMemo<Row[]>(() => {
    const cuts = findCuts(range, overTime);
    return overTime.map((bucket, index) => ({ ...bucket, cut: cuts[index] ?? null }));
  }, [range, overTime]);
  const balances = useMemo<Balance[]>(
    () =>
      rows.map(({ startsAt, revenueUsd, costUsd, marginUsd, cut }) => ({
        key: startsAt,
        name: nameBucket(startsAt, range, format),
        income: toPlotValue(revenueUsd),
        expense: toPlotValue(costUsd),
        texts: { income: format.usd(revenueUsd), expense: format.usd(costUsd), net: format.usd(marginUsd) },
        partNote: cut && t(`overview.chart.cuts.${cut}`),
      })),
    [rows, range, format, t],
  );
  // Only what can be seen is explained.
  const pale = BUCKET_CUTS.filter((cut) => rows.some((row, index) => row.cut === cut && (balances[index]?.income !== 0 || balances[index].expense !== 0)));
  const columns = [useStartColumn(range.timeZone), ...useAccountColumns<Row>(['revenue', 'payments', 'refunds', 'cost', 'margin'])];
  const [from, to] = [format.instant(range.from, range.timeZone), format.instant(range.to, range.timeZone)];
  return (
    <Section
      title={t('economics.chart.title')}
      aside={
        <>
          {t(`range.perBucket.${range.bucket}`, { timeZone: range.timeZone })} <ExportLink report="economics" table="over-time" what={t('economics.chart.title')} />
        </>
      }
    >
      <Card size="small">
        <BalanceChart
          balances={balances}
          names={{ income: t('economics.chart.revenue'), expense: t('economics.chart.cost'), net: t('economics.chart.margin') }}
          label={t('economics.chart.label', { from, to, revenue: format.usd(total.revenueUsd), cost: format.usd(total.costUsd) })}
          emptyText={t('economics.chart.empty')}
          formatTick={format.usdTick}
        />
        {pale.length > 0 && <p className="stat-note">{pale.map((cut) => t(`overview.chart.cutNotes.${cut}`)).join(' ')}</p>}
        <details className="chart-table">
          <summary>{t('overview.chart.table')}</summary>
          <DataTable caption={t('economics.chart.title')} columns={columns} rows={rows} rowKey={({ startsAt }) => startsAt} />
        </details>
      </Card>
    </Section>
  );
}

function useStartColumn(timeZone: string): Column<Row> {
  const { t } = useTranslation();
  const format = useFormat();
  return {
    key: 'start',
    title: t('economics.columns.start'),
    render: ({ startsAt, cut }) => (
      <>
        <time dateTime={startsAt} suppressHydrationWarning>
          {format.instant(startsAt, timeZone)}
        </time>
        {cut && ` (${t(`overview.chart.cuts.${cut}`)})`}
      </>
    ),
  };
}
