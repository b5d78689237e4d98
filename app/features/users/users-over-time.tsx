import { Card } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Users } from '#server/contracts/users.ts';
import { LineChart } from '../../charts/line-chart.tsx';
import type { LinePoint } from '../../charts/line.ts';
import { BucketStart } from '../../components/bucket-start.tsx';
import { DataTable, type Column } from '../../components/data-table.tsx';
import { ExportLink } from '../../components/export-link.tsx';
import { Section } from '../../components/section.tsx';
import { findCuts, type BucketCut } from '../../lib/bucket-cut.ts';
import { nameBucket } from '../../lib/bucket-name.ts';
import { useFormat } from '../../lib/use-format.ts';

const KEYS = ['newCount', 'activeCount', 'returningCount'] as const;
type Row = Users['overTime'][number] & { readonly cut: BucketCut | null };

/** Active, new and returning users of every bucket of the range: as lines and as a table. */
export function UsersOverTime({ report: { range, overTime } }: { report: Users }) {
  const { t } = useTranslation();
  const format = useFormat();
  const rows = useMemo<Row[]>(() => {
    const cuts = findCuts(range, overTime);
    return overTime.map((bucket, index) => ({ ...bucket, cut: cuts[index] ?? null }));
  }, [range, overTime]);
  const points = useMemo<LinePoint[]>(
    () =>
      rows.map((bucket) => ({
        key: bucket.startsAt,
        name: nameBucket(bucket.startsAt, range, format),
        values: KEYS.map((key) => bucket[key]),
        texts: KEYS.map((key) => format.count(bucket[key])),
        partNote: bucket.cut && t(`overview.chart.cuts.${bucket.cut}`),
      })),
    [rows, range, format, t],
  );
  const columns: Column<Row>[] = [
    {
      key: 'start',
      title: t('overview.chart.start'),
      render: ({ startsAt, cut }) => <BucketStart startsAt={startsAt} timeZone={range.timeZone} cut={cut} />,
    },
    ...(['activeCount', 'newCount', 'returningCount'] as const).map((key): Column<Row> => ({ key, title: t(`users.range.${key}`), isNumeric: true, render: (row) => format.count(row[key]) })),
  ];
  const title = t('users.overTime.title');
  const isEmpty = overTime.every(({ activeCount, newCount }) => activeCount === 0 && newCount === 0);
  const span = { from: format.instant(range.from, range.timeZone), to: format.instant(range.to, range.timeZone) };
  return (
    <Section title={title} aside={<>{t(`range.perBucket.${range.bucket}`, { timeZone: range.timeZone })} <ExportLink report="users" table="over-time" what={title} /></>}>
      <Card size="small">
        <LineChart
          lines={KEYS.map((key) => ({ key, name: t(`users.range.${key}`) }))}
          points={isEmpty ? [] : points}
          label={t('users.overTime.label', span)}
          emptyText={t('users.overTime.empty')}
          formatTick={format.compactCount}
        />
        <p className="stat-note">{t('users.overTime.note')}</p>
        <details className="chart-table">
          <summary>{t('overview.chart.table')}</summary>
          <DataTable caption={title} columns={columns} rows={rows} rowKey={({ startsAt }) => startsAt} />
        </details>
      </Card>
    </Section>
  );
}
