import { Card } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { JobsReport, RunCounts } from '#server/contracts/jobs.ts';
import type { StackBar, StackTone } from '../../charts/stack.ts';
import { StackedChart } from '../../charts/stacked-chart.tsx';
import { BucketStart } from '../../components/bucket-start.tsx';
import { DataTable, type Column } from '../../components/data-table.tsx';
import { ExportLink } from '../../components/export-link.tsx';
import { Section } from '../../components/section.tsx';
import { findCuts, type BucketCut } from '../../lib/bucket-cut.ts';
import { nameBucket } from '../../lib/bucket-name.ts';
import { useFormat } from '../../lib/use-format.ts';

type Row = JobsReport['overTime'][number] & { readonly cut: BucketCut | null };

interface Outcome {
  readonly key: 'ok' | 'failed' | 'retried' | 'running';
  readonly tone: StackTone;
  readonly pick: (counts: RunCounts) => number;
}

const FAILURES: readonly Outcome[] = [
  { key: 'retried', tone: 'warn', pick: (counts) => counts.retriedCount },
  { key: 'failed', tone: 'bad', pick: (counts) => counts.failedCount },
];
const OUTCOMES: readonly Outcome[] = [
  { key: 'ok', tone: 'good', pick: (counts) => counts.okCount },
  ...FAILURES,
  { key: 'running', tone: 'rest', pick: (counts) => counts.openCount },
];

/** The runs of every bucket of the range by how they ended; failures once more on their own, because they are few among many. */
export function RunsOverTime({ report: { range, total, overTime } }: { report: JobsReport }) {
  const { t } = useTranslation();
  const format = useFormat();
  const rows = useMemo<Row[]>(() => {
    const cuts = findCuts(range, overTime);
    return overTime.map((bucket, index) => ({ ...bucket, cut: cuts[index] ?? null }));
  }, [range, overTime]);
  const columns: Column<Row>[] = [
    { key: 'start', title: t('overview.chart.start'), render: ({ startsAt, cut }) => <BucketStart startsAt={startsAt} cut={cut} timeZone={range.timeZone} /> },
    { key: 'runs', title: t('jobs.columns.runs'), isNumeric: true, render: ({ runCount }) => format.count(runCount) },
    ...OUTCOMES.map(({ key, pick }): Column<Row> => ({ key, title: t(`jobs.outcomes.${key}`), isNumeric: true, render: (row) => format.count(pick(row)) })),
  ];
  const span = { from: format.instant(range.from, range.timeZone), to: format.instant(range.to, range.timeZone) };
  const title = t('jobs.overTime.title');
  const failures = format.count(total.failedCount + total.retriedCount);
  return (
    <Section title={title} aside={<>{t(`range.perBucket.${range.bucket}`, { timeZone: range.timeZone })} <ExportLink report="jobs" table="over-time" what={title} /></>}>
      <Card size="small">
        <div className="chart-row">
          <OutcomeChart
            title={t('jobs.overTime.runs')}
            outcomes={OUTCOMES}
            rows={rows}
            range={range}
            label={t('jobs.overTime.label', { ...span, total: format.count(total.runCount) })}
            emptyText={t('jobs.overTime.empty')}
          />
          <OutcomeChart
            title={t('jobs.overTime.failures')}
            outcomes={FAILURES}
            rows={rows}
            range={range}
            label={t('jobs.overTime.failedLabel', { ...span, total: failures })}
            emptyText={t('jobs.overTime.failedEmpty')}
          />
        </div>
        <p className="stat-note">{t('jobs.overTime.note')}</p>
        <details className="chart-table">
          <summary>{t('overview.chart.table')}</summary>
          <DataTable caption={title} columns={columns} rows={rows} rowKey={({ startsAt }) => startsAt} />
        </details>
      </Card>
    </Section>
  );
}

interface OutcomeChartProps {
  readonly title: string;
  /** From the bottom up. */
  readonly outcomes: readonly Outcome[];
  readonly rows: readonly Row[];
  readonly range: JobsReport['range'];
  readonly label: string;
  readonly emptyText: string;
}

function OutcomeChart({ title, outcomes, rows, range, label, emptyText }: OutcomeChartProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const parts = useMemo(() => outcomes.map(({ key, tone }) => ({ key, tone, name: t(`jobs.outcomes.${key}`) })), [outcomes, t]);
  const bars = useMemo<StackBar[]>(
    () =>
      rows.map((row) => ({
        key: row.startsAt,
        name: nameBucket(row.startsAt, range, format),
        values: outcomes.map(({ pick }) => pick(row)),
        texts: outcomes.map(({ pick }) => format.count(pick(row))),
        partNote: row.cut && t(`overview.chart.cuts.${row.cut}`),
      })),
    [rows, outcomes, range, format, t],
  );
  return (
    <div>
      <h3 className="stat-label">{title}</h3>
      <StackedChart parts={parts} bars={bars} label={label} emptyText={emptyText} formatTick={format.compactCount} />
    </div>
  );
}
