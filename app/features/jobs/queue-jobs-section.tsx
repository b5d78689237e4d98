import { Card } from 'antd';
import { useTranslation } from 'react-i18next';
import { JOB_DAYS_LOOKED_AT, type JobNow, type JobsReport, type Runs } from '#server/contracts/jobs.ts';
import { DataTable, type Column } from '../../components/data-table.tsx';
import { Instant } from '../../components/instant.tsx';
import { Section } from '../../components/section.tsx';
import { Unknown } from '../../components/unknown.tsx';
import { useRunColumns } from './use-run-columns.tsx';
import { WorkLink } from './work-link.tsx';

interface Row {
  readonly name: JobsReport['runs'][number]['name'];
  readonly inRange: Runs;
  /** Null for the runs of older versions. */
  readonly now: JobNow | null;
}

/** Every job of the queue: its last runs, and how those of the range went. */
export function QueueJobsSection({ report: { runs, now, range, chosen } }: { report: JobsReport }) {
  const { t } = useTranslation();
  const title = t('jobs.queueJobs.title');
  const rows = runs.flatMap(({ kind, name, ...inRange }): Row[] => (kind === 'job' ? [{ name, inRange, now: now.jobs.find((job) => job.name === name) ?? null }] : []));
  const instant = (at: string | null | undefined) => (at == null ? <Unknown /> : <Instant at={at} timeZone={range.timeZone} />);
  const columns: Column<Row>[] = [
    { key: 'name', title: t('jobs.columns.job'), render: ({ name }) => <WorkLink name={name} chosen={chosen} /> },
    ...useRunColumns<Row>(['runs', 'failed', 'retried']),
    { key: 'lastRun', title: t('jobs.columns.lastRun'), render: (row) => instant(row.now?.lastRunAt) },
    { key: 'lastSuccess', title: t('jobs.columns.lastSuccess'), render: (row) => instant(row.now?.lastSuccessAt) },
    { key: 'lastFailure', title: t('jobs.columns.lastFailure'), render: (row) => instant(row.now?.lastFailureAt) },
  ];
  if (rows.length === 0) return null;
  return (
    <Section title={title} aside={t('jobs.queueJobs.aside', { days: JOB_DAYS_LOOKED_AT })}>
      <Card size="small">
        <DataTable caption={title} columns={columns} rows={rows} rowKey={({ name }) => name} />
      </Card>
    </Section>
  );
}
