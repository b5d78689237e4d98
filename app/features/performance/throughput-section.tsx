import { Card } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { PerformanceReport } from '#server/contracts/performance.ts';
import { LineChart } from '../../charts/line-chart.tsx';
import { ChangeNote } from '../../components/change-note.tsx';
import { DataTable, type Column } from '../../components/data-table.tsx';
import { Section } from '../../components/section.tsx';
import { StatCard } from '../../components/stat-card.tsx';
import { Unknown } from '../../components/unknown.tsx';
import { nameBucket } from '../../lib/bucket-name.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useThroughputKinds, type ThroughputKind } from './throughput-kinds.ts';
import { useRequestNotes } from './use-request-notes.ts';
import { useStartColumn } from './use-start-column.tsx';

type Bucket = PerformanceReport['throughputOverTime'][number];

interface PartProps {
  readonly report: PerformanceReport;
  readonly kinds: readonly ThroughputKind[];
}

/** How much models, bot and web site had to do: in the range, and in every bucket of it. */
export function ThroughputSection({ report }: { report: PerformanceReport }) {
  const { t } = useTranslation();
  const { range } = report;
  const kinds = useThroughputKinds(report);
  return (
    <Section title={t('performance.throughput.title')} aside={t(`range.perBucket.${range.bucket}`, { timeZone: range.timeZone })}>
      <ThroughputCards report={report} kinds={kinds} />
      <div className="chart-row">
        {kinds.map((kind) => (
          <Card key={kind.key} size="small">
            <ThroughputChart report={report} kind={kind} />
          </Card>
        ))}
      </div>
      <ThroughputTable report={report} kinds={kinds} />
    </Section>
  );
}

function ThroughputCards({ report, kinds }: PartProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const notes: Record<ThroughputKind['key'], readonly ReactNode[]> = {
    generations: [t('performance.throughput.attempts')],
    updates: [t('performance.throughput.handled')],
    requests: useRequestNotes(report),
  };
  const tell = (count: number | null) => (count === null ? null : format.count(count));
  return (
    <div className="stats">
      {kinds.map(({ key, name, unit, countOf, tellRate }) => {
        const rate = tellRate(report.throughput);
        const count = countOf(report.throughput);
        const earlier = report.compared && countOf(report.compared.throughput);
        return (
          <StatCard
            key={key}
            label={name}
            value={tell(count)}
            change={report.compared && <ChangeNote figure={count} earlier={earlier} earlierText={tell(earlier)} />}
            notes={[rate === null ? t('performance.throughput.noTime') : t(`performance.throughput.rates.${unit}`, { rate }), ...notes[key]]}
          />
        );
      })}
    </div>
  );
}

function ThroughputChart({ report: { range, throughputOverTime }, kind: { key, rateName, rateOf, tellRate } }: { report: PerformanceReport; kind: ThroughputKind }) {
  const { t } = useTranslation();
  const format = useFormat();
  const points = throughputOverTime.map((bucket) => ({
    key: bucket.startsAt,
    name: nameBucket(bucket.startsAt, range, format),
    values: [rateOf(bucket)],
    texts: [tellRate(bucket) ?? '—'],
    partNote: bucket.isUnfinished ? t('performance.overTime.running') : null,
  }));
  const label = t('performance.throughput.label', { what: rateName, from: format.instant(range.from, range.timeZone), to: format.instant(range.to, range.timeZone) });
  return <LineChart lines={[{ key, name: rateName }]} points={points} label={label} emptyText={t('performance.throughput.empty')} formatTick={format.rate} />;
}

function ThroughputTable({ report: { range, throughputOverTime }, kinds }: PartProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const numeric = (key: string, title: string, tell: (row: Bucket) => string | null): Column<Bucket> => ({ key, title, isNumeric: true, render: (row) => tell(row) ?? <Unknown /> });
  const columns: Column<Bucket>[] = [
    useStartColumn<Bucket>(range),
    ...kinds.flatMap(({ key, name, rateName, countOf, tellRate }) => [
      numeric(key, name, (row) => {
        const count = countOf(row);
        return count === null ? null : format.count(count);
      }),
      numeric(`${key} rate`, rateName, tellRate),
    ]),
  ];
  return (
    <details className="chart-table">
      <summary>{t('performance.overTime.table')}</summary>
      <Card size="small">
        <DataTable caption={t('performance.throughput.title')} columns={columns} rows={throughputOverTime} rowKey={({ startsAt }) => startsAt} />
      </Card>
    </details>
  );
}
