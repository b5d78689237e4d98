import { Card } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Overview } from '#server/contracts/overview.ts';
import type { Bar } from '../../charts/bar.ts';
import { BarChart } from '../../charts/bar-chart.tsx';
import { DataTable } from '../../components/data-table.tsx';
import { ExportLink } from '../../components/export-link.tsx';
import { Section } from '../../components/section.tsx';
import { BUCKET_CUTS, findCuts } from '../../lib/bucket-cut.ts';
import { nameBucket } from '../../lib/bucket-name.ts';
import { toPlotValue } from '../../lib/format/money.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useTableColumns, type Bucket } from './use-table-columns.tsx';

/** The cost of every bucket of the range, beside that of the compared range, as bars and as a table. */
export function CostOverTime({ overview }: { overview: Overview }) {
  const { range, cost, costOverTime, compared, comparedRange } = overview;
  const { t } = useTranslation();
  const format = useFormat();
  const { timeZone } = range;
  const columns = useTableColumns(overview);
  const earlier = compared?.costOverTime;
  const rows = useMemo<Bucket[]>(() => {
    const cuts = findCuts(range, costOverTime);
    return costOverTime.map((bucket, index) => ({ ...bucket, cut: cuts[index] ?? null, before: earlier?.[index] ?? null }));
  }, [range, costOverTime, earlier]);
  const bars = useMemo<Bar[]>(() => {
    const drawn = ({ startsAt, costUsd }: Overview['costOverTime'][number]) => ({
      name: nameBucket(startsAt, range, format),
      value: toPlotValue(costUsd),
      valueText: format.usd(costUsd),
    });
    return rows.map(({ cut, before, ...bucket }) => ({
      key: bucket.startsAt,
      ...drawn(bucket),
      partNote: cut && t(`overview.chart.cuts.${cut}`),
      before: before && drawn(before),
    }));
  }, [rows, format, range, t]);
  // Only what can be seen is explained.
  const pale = BUCKET_CUTS.filter((cut) => rows.some((row, index) => row.cut === cut && (bars[index]?.value ?? 0) > 0));
  const isPast = costOverTime.every(({ isUnfinished }) => !isUnfinished);
  const spanOf = ({ from, to }: Overview['range'], totalUsd: string) => ({ from: format.instant(from, timeZone), to: format.instant(to, timeZone), total: format.usd(totalUsd) });
  const label = [
    t('overview.chart.label', spanOf(range, cost.totalUsd)),
    ...(compared && comparedRange ? [t('overview.chart.beforeLabel', spanOf(comparedRange, compared.cost.totalUsd))] : []),
  ].join(' ');
  // Two Februaries may differ by a day, and so may months.
  const surplus = Math.max(0, (earlier?.length ?? 0) - rows.length);
  return (
    <Section
      title={t('overview.chart.title')}
      aside={
        <>
          {t(`range.perBucket.${range.bucket}`, { timeZone })} <ExportLink report="overview" table="cost-over-time" what={t('overview.chart.title')} />
        </>
      }
    >
      <Card size="small">
        <BarChart
          bars={bars}
          label={label}
          emptyText={isPast ? t('overview.chart.emptyPast') : t('overview.chart.empty')}
          names={compared && { now: t('overview.chart.nowName'), before: t('overview.chart.beforeName') }}
        />
        {pale.length > 0 && <p className="stat-note">{pale.map((cut) => t(`overview.chart.cutNotes.${cut}`)).join(' ')}</p>}
        {surplus > 0 && <p className="stat-note">{t('overview.chart.surplus', { count: surplus, formatted: format.count(surplus) })}</p>}
        <details className="chart-table">
          <summary>{t('overview.chart.table')}</summary>
          <DataTable caption={t('overview.chart.title')} columns={columns} rows={rows} rowKey={({ startsAt }) => startsAt} />
        </details>
      </Card>
    </Section>
  );
}
