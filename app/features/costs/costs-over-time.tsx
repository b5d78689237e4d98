import { useLocation } from '@remix-run/react';
import { Card } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Costs } from '#server/contracts/costs.ts';
import { stackTone, type StackBar, type StackPart } from '../../charts/stack.ts';
import { StackedChart } from '../../charts/stacked-chart.tsx';
import { BucketStart } from '../../components/bucket-start.tsx';
import { DataTable, type Column } from '../../components/data-table.tsx';
import { ExportLink } from '../../components/export-link.tsx';
import { Money } from '../../components/money.tsx';
import { Section } from '../../components/section.tsx';
import { BUCKET_CUTS, findCuts, type BucketCut } from '../../lib/bucket-cut.ts';
import { nameBucket } from '../../lib/bucket-name.ts';
import { toPlotValue } from '../../lib/format/money.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useCostWords } from './cost-words.ts';
import { costFilterQuery } from './costs-query.ts';
import { DimensionSwitch } from './dimension-switch.tsx';

type Row = Costs['overTime'][number] & { readonly cut: BucketCut | null };

/** The cost of every bucket of the range, split by what the URL asks for: as stacked bars and as a table. */
export function CostsOverTime({ report }: { report: Costs }) {
  const { range, total, overTime, by } = report;
  const { t } = useTranslation();
  const format = useFormat();
  const parts = useParts(report);
  const rows = useMemo<Row[]>(() => {
    const cuts = findCuts(range, overTime);
    return overTime.map((bucket, index) => ({ ...bucket, cut: cuts[index] ?? null }));
  }, [range, overTime]);
  const bars = useMemo<StackBar[]>(
    () =>
      rows.map(({ startsAt, partsUsd, cut }) => ({
        key: startsAt,
        name: nameBucket(startsAt, range, format),
        values: partsUsd.map(toPlotValue),
        texts: partsUsd.map(format.usd),
        partNote: cut && t(`overview.chart.cuts.${cut}`),
      })),
    [rows, range, format, t],
  );
  // Only what can be seen is explained.
  const pale = BUCKET_CUTS.filter((cut) => rows.some((row, index) => row.cut === cut && bars[index]?.values.some((value) => value > 0)));
  const span = { from: format.instant(range.from, range.timeZone), to: format.instant(range.to, range.timeZone), total: format.usd(total.costUsd) };
  const title = t('costs.overTime.title');
  return (
    <Section title={title} aside={<>{t(`range.perBucket.${range.bucket}`, { timeZone: range.timeZone })} <ExportLink report="costs" table="over-time" what={title} /></>}>
      <DimensionSwitch by={by} />
      <Card size="small">
        <StackedChart
          parts={parts}
          bars={bars}
          label={t('costs.overTime.label', { ...span, dimension: t(`costs.split.dimensions.${by}`) })}
          emptyText={t('overview.chart.emptyPast')}
          formatTick={format.usdTick}
          hasFractions
        />
        {pale.length > 0 && <p className="stat-note">{pale.map((cut) => t(`overview.chart.cutNotes.${cut}`)).join(' ')}</p>}
        <details className="chart-table">
          <summary>{t('overview.chart.table')}</summary>
          <DataTable caption={title} columns={useColumns(range.timeZone, parts)} rows={rows} rowKey={({ startsAt }) => startsAt} />
        </details>
      </Card>
    </Section>
  );
}

/** What the bars tell apart; a name narrows the section to it. */
function useParts({ series, by }: Costs): StackPart[] {
  const { t } = useTranslation();
  const nameOf = useCostWords();
  const { pathname, search } = useLocation();
  return series.map((key, index): StackPart => {
    if (key === null) return { key: 'rest', name: t('costs.waste.rest'), tone: 'rest' };
    const query = costFilterQuery(search, by, key);
    return { key: `of ${key}`, name: nameOf(by, key), tone: stackTone(index), ...(query !== null && { to: `${pathname}${query}` }) };
  });
}

function useColumns(timeZone: string, parts: readonly StackPart[]): Column<Row>[] {
  const { t } = useTranslation();
  const format = useFormat();
  return [
    { key: 'start', title: t('overview.chart.start'), render: ({ startsAt, cut }) => <BucketStart startsAt={startsAt} cut={cut} timeZone={timeZone} /> },
    { key: 'cost', title: t('overview.chart.cost'), isNumeric: true, render: ({ costUsd }) => <Money usd={costUsd} /> },
    { key: 'attempts', title: t('costs.waste.columns.attempts'), isNumeric: true, render: ({ attemptCount }) => format.count(attemptCount) },
    ...parts.map(({ key, name }, index): Column<Row> => ({ key, title: name, isNumeric: true, render: ({ partsUsd }) => <Money usd={partsUsd[index] ?? '0'} /> })),
  ];
}
