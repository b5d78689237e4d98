import { Card } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Overview } from '#server/contracts/overview.ts';
import type { Bar } from '../../charts/bar.ts';
import { BarChart } from '../../charts/bar-chart.tsx';
import { DataTable } from '../../components/data-table.tsx';
import { Section } from '../../components/section.tsx';
import { toPlotValue } from '../../lib/format/money.ts';
import { useFormat } from '../../lib/use-format.ts';
import { BUCKET_CUTS, findCuts } from './bucket-cut.ts';
import { useTableColumns } from './use-table-columns.tsx';

/** The cost of every hour or day of the range, as bars and as a table. */
export function CostOverTime({ overview }: { overview: Overview }) {
  const { range, cost, costOverTime } = overview;
  const { t } = useTranslation();
  const format = useFormat();
  const { timeZone } = range;
  const columns = useTableColumns(range);
  const rows = useMemo(() => {
    const cuts = findCuts({ range, costOverTime });
    return costOverTime.map((bucket, index) => ({ ...bucket, cut: cuts[index] ?? null }));
  }, [range, costOverTime]);
  const bars = useMemo<Bar[]>(() => {
    const name = (startsAt: string) => (range.bucket === 'day' ? format.day(startsAt, timeZone) : format.dayTime(startsAt, timeZone));
    return rows.map(({ startsAt, costUsd, cut }) => ({
      key: startsAt,
      name: name(startsAt),
      value: toPlotValue(costUsd),
      valueText: format.usd(costUsd),
      partNote: cut && t(`overview.chart.cuts.${cut}`),
    }));
  }, [rows, format, range.bucket, timeZone, t]);
  // Only what can be seen is explained.
  const pale = BUCKET_CUTS.filter((cut) => rows.some((row, index) => row.cut === cut && (bars[index]?.value ?? 0) > 0));
  const isPast = costOverTime.every(({ isUnfinished }) => !isUnfinished);
  const label = t('overview.chart.label', {
    from: format.instant(range.from, timeZone),
    to: format.instant(range.to, timeZone),
    total: format.usd(cost.totalUsd),
  });
  const unit = range.bucket === 'day' ? t('overview.chart.byDay', { timeZone }) : t('overview.chart.byHour', { timeZone });
  return (
    <Section title={t('overview.chart.title')} aside={unit}>
      <Card size="small">
        <BarChart bars={bars} label={label} emptyText={isPast ? t('overview.chart.emptyPast') : t('overview.chart.empty')} />
        {pale.length > 0 && <p className="stat-note">{pale.map((cut) => t(`overview.chart.cutNotes.${cut}`)).join(' ')}</p>}
        <details className="chart-table">
          <summary>{t('overview.chart.table')}</summary>
          <DataTable caption={t('overview.chart.title')} columns={columns} rows={rows} rowKey={({ startsAt }) => startsAt} />
        </details>
      </Card>
    </Section>
  );
}
