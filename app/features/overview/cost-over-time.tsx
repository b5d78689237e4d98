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
import { useTableColumns } from './use-table-columns.tsx';

/** The cost of every hour or day of the range, as bars and as a table. */
export function CostOverTime({ overview: { range, cost, costOverTime } }: { overview: Overview }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { timeZone } = range;
  const columns = useTableColumns(range);
  const bars = useMemo<Bar[]>(() => {
    const name = (startsAt: string) => (range.bucket === 'day' ? format.day(startsAt, timeZone) : format.dayTime(startsAt, timeZone));
    return costOverTime.map(({ startsAt, costUsd, isUnfinished }) => ({
      key: startsAt,
      name: name(startsAt),
      value: toPlotValue(costUsd),
      valueText: format.usd(costUsd),
      isUnfinished,
    }));
  }, [costOverTime, format, range.bucket, timeZone]);
  const label = t('overview.chart.label', {
    from: format.instant(range.from, timeZone),
    to: format.instant(range.to, timeZone),
    total: format.usd(cost.totalUsd),
  });
  const unit = range.bucket === 'day' ? t('overview.chart.byDay', { timeZone }) : t('overview.chart.byHour', { timeZone });
  return (
    <Section title={t('overview.chart.title')} aside={unit}>
      <Card size="small">
        <BarChart bars={bars} label={label} emptyText={t('overview.chart.empty')} unfinishedText={t('overview.chart.unfinished')} />
        {costOverTime.some(({ isUnfinished }) => isUnfinished) && <p className="stat-note">{t('overview.chart.unfinishedNote')}</p>}
        <details className="chart-table">
          <summary>{t('overview.chart.table')}</summary>
          <DataTable caption={t('overview.chart.title')} columns={columns} rows={costOverTime} rowKey={({ startsAt }) => startsAt} />
        </details>
      </Card>
    </Section>
  );
}
