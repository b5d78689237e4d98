import { Link, useLocation } from '@remix-run/react';
import { Card } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { COST_DIMENSIONS, type Costs } from '#server/contracts/costs.ts';
import type { Bar } from '../../charts/bar.ts';
import { BarChart } from '../../charts/bar-chart.tsx';
import { DataTable, type Column } from '../../components/data-table.tsx';
import { Money } from '../../components/money.tsx';
import { findCuts, type BucketCut } from '../../lib/bucket-cut.ts';
import { nameBucket } from '../../lib/bucket-name.ts';
import { changeQuery } from '../../lib/change-query.ts';
import { toPlotValue } from '../../lib/format/money.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useCostWords } from './cost-words.ts';

type Row = Costs['overTime'][number] & { readonly cut: BucketCut | null };

/** The cost of every bucket as bars, and split by a dimension as a table. */
export function CostsOverTime({ report }: { report: Costs }) {
  const { range, total, overTime, by, series } = report;
  const { t } = useTranslation();
  const format = useFormat();
  const nameOf = useCostWords();
  const { pathname, search } = useLocation();
  const rows = useMemo<Row[]>(() => {
    const cuts = findCuts(range, overTime);
    return overTime.map((bucket, index) => ({ ...bucket, cut: cuts[index] ?? null }));
  }, [range, overTime]);
  const bars = useMemo<Bar[]>(
    () =>
      rows.map(({ startsAt, costUsd, cut }) => ({
        key: startsAt, name: nameBucket(startsAt, range, format), value: toPlotValue(costUsd), valueText: format.usd(costUsd), partNote: cut && t(`overview.chart.cuts.${cut}`),
      })),
    [rows, range, format, t],
  );
  const columns: Column<Row>[] = [
    {
      key: 'start',
      title: t('overview.chart.start'),
      render: ({ startsAt, cut }) => (
        <>
          <time dateTime={startsAt} suppressHydrationWarning>{format.instant(startsAt, range.timeZone)}</time>
          {cut && ` (${t(`overview.chart.cuts.${cut}`)})`}
        </>
      ),
    },
    { key: 'cost', title: t('overview.chart.cost'), isNumeric: true, render: ({ costUsd }) => <Money usd={costUsd} /> },
    ...series.map((key, index): Column<Row> => ({
      key: key === null ? 'rest' : `of ${key}`,
      title: key === null ? t('costs.waste.rest') : nameOf(by, key),
      isNumeric: true,
      render: ({ partsUsd }) => <Money usd={partsUsd[index] ?? '0'} />,
    })),
  ];
  const label = t('overview.chart.label', { from: format.instant(range.from, range.timeZone), to: format.instant(range.to, range.timeZone), total: format.usd(total.costUsd) });
  return (
    <Card size="small">
      <BarChart bars={bars} label={label} emptyText={t('overview.chart.emptyPast')} />
      <nav aria-label={t('costs.split.by')} className="family-switch">
        <span>{t('costs.split.by')}</span>
        <span className="switch">
          {COST_DIMENSIONS.map((dimension) => (
            <Link key={dimension} to={`${pathname}${changeQuery(search, { by: dimension })}`} aria-current={dimension === by ? 'page' : undefined} preventScrollReset>
              {t(`costs.split.dimensions.${dimension}`)}
            </Link>
          ))}
        </span>
      </nav>
      <details className="chart-table" open>
        <summary>{t('overview.chart.table')}</summary>
        <DataTable caption={t('overview.chart.title')} columns={columns} rows={rows} rowKey={({ startsAt }) => startsAt} />
      </details>
    </Card>
  );
}
