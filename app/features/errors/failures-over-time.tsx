import { useLocation } from '@remix-run/react';
import { Card } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorsReport } from '#server/contracts/errors.ts';
import { LineChart } from '../../charts/line-chart.tsx';
import { stackTone, type StackBar, type StackPart } from '../../charts/stack.ts';
import { StackedChart } from '../../charts/stacked-chart.tsx';
import { BucketStart } from '../../components/bucket-start.tsx';
import { DataTable, type Column } from '../../components/data-table.tsx';
import { ExportLink } from '../../components/export-link.tsx';
import { Section } from '../../components/section.tsx';
import { Unknown } from '../../components/unknown.tsx';
import { findCuts, type BucketCut } from '../../lib/bucket-cut.ts';
import { nameBucket } from '../../lib/bucket-name.ts';
import { useFormat } from '../../lib/use-format.ts';
import { errorFilterQuery } from './errors-query.ts';
import { useErrorWords } from './use-error-words.ts';

type Row = ErrorsReport['overTime'][number] & { readonly cut: BucketCut | null };

/** Failures of every bucket of the range by their kind, and the error rate: as charts and as a table. */
export function FailuresOverTime({ report }: { report: ErrorsReport }) {
  const { range, chosen, total, overTime } = report;
  const { t } = useTranslation();
  const format = useFormat();
  const parts = useParts(report);
  const rows = useMemo<Row[]>(() => {
    const cuts = findCuts(range, overTime);
    return overTime.map((bucket, index) => ({ ...bucket, cut: cuts[index] ?? null }));
  }, [range, overTime]);
  const bars = useMemo<(StackBar & { readonly ratio: number | null })[]>(
    () =>
      rows.map(({ startsAt, failedCounts, errorRatio, cut }) => ({
        key: startsAt,
        name: nameBucket(startsAt, range, format),
        values: failedCounts,
        texts: failedCounts.map(format.count),
        partNote: cut && t(`overview.chart.cuts.${cut}`),
        ratio: errorRatio,
      })),
    [rows, range, format, t],
  );
  const points = useMemo(() => bars.map(({ ratio, ...bar }) => ({ ...bar, values: [ratio], texts: [ratio === null ? '—' : format.percent(ratio)] })), [bars, format]);
  const span = { from: format.instant(range.from, range.timeZone), to: format.instant(range.to, range.timeZone), total: format.count(total.failedCount) };
  const title = t('failures.overTime.title');
  const isNarrowed = chosen.handler !== null || chosen.errorType !== null;
  const emptyText = t(`failures.overTime.${total.interactionCount === 0 && !isNarrowed ? 'unused' : 'empty'}`);
  return (
    <Section title={title} aside={<>{t(`range.perBucket.${range.bucket}`, { timeZone: range.timeZone })} <ExportLink report="errors" table="over-time" what={title} /></>}>
      <Card size="small">
        <div className="chart-row">
          <div>
            <StackedChart parts={parts} bars={bars} label={t('failures.overTime.label', span)} emptyText={emptyText} formatTick={format.compactCount} />
          </div>
          {total.failedCount > 0 && (
            <div>
              <LineChart
                lines={[{ key: 'ratio', name: t('failures.overTime.ratio') }]}
                points={points}
                label={t('failures.overTime.ratioLabel', span)}
                emptyText={emptyText}
                formatTick={format.percent}
              />
            </div>
          )}
        </div>
        <details className="chart-table">
          <summary>{t('overview.chart.table')}</summary>
          <DataTable caption={title} columns={useColumns(report, parts)} rows={rows} rowKey={({ startsAt }) => startsAt} />
        </details>
      </Card>
    </Section>
  );
}

/** What the bars tell apart; a name narrows the page to it. */
function useParts({ series }: ErrorsReport): StackPart[] {
  const { t } = useTranslation();
  const words = useErrorWords();
  const { pathname, search } = useLocation();
  return useMemo(
    () =>
      series.map((kind, index): StackPart => {
        const name = words.kind(kind);
        if (name === null) return { key: 'rest', name: t('failures.overTime.others'), tone: 'rest' };
        return { key: `${kind.handler}/${kind.errorType}`, name, tone: stackTone(index), to: `${pathname}${errorFilterQuery(search, kind)}` };
      }),
    [series, words, pathname, search, t],
  );
}

function useColumns({ range }: ErrorsReport, parts: readonly StackPart[]): Column<Row>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const count = (key: 'interactions' | 'failed' | 'limited', pick: (row: Row) => number): Column<Row> => ({
    key,
    title: t(`failures.columns.${key}`),
    isNumeric: true,
    render: (row) => format.count(pick(row)),
  });
  return [
    { key: 'start', title: t('overview.chart.start'), render: ({ startsAt, cut }) => <BucketStart startsAt={startsAt} cut={cut} timeZone={range.timeZone} /> },
    count('interactions', (row) => row.interactionCount),
    count('failed', (row) => row.failedCount),
    { key: 'ratio', title: t('failures.columns.ratio'), isNumeric: true, render: ({ errorRatio }) => (errorRatio === null ? <Unknown /> : format.percent(errorRatio)) },
    count('limited', (row) => row.limitedCount),
    ...parts.map(({ key, name }, index): Column<Row> => ({ key, title: name, isNumeric: true, render: ({ failedCounts }) => format.count(failedCounts[index] ?? 0) })),
  ];
}
