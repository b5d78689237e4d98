import { Card } from 'antd';
import { useTranslation } from 'react-i18next';
import type { JobsReport } from '#server/contracts/jobs.ts';
import { QUEUE_STATUSES } from '#server/contracts/vocabulary.ts';
import { DataTable, type Column } from '../../components/data-table.tsx';
import { ExportLink } from '../../components/export-link.tsx';
import { Section } from '../../components/section.tsx';
import { useFormat } from '../../lib/use-format.ts';

type Queue = JobsReport['now']['queues'][number];

/** How much of each status is in each queue now. */
export function QueuesSection({ report: { now } }: { report: JobsReport }) {
  const { t } = useTranslation();
  const format = useFormat();
  const title = t('jobs.queues.title');
  const columns: Column<Queue>[] = [
    { key: 'queue', title: t('jobs.columns.queue'), render: ({ queue }) => t(`jobs.queues.names.${queue}`) },
    ...QUEUE_STATUSES.map((status): Column<Queue> => ({ key: status, title: t(`jobs.columns.${status}`), isNumeric: true, render: (row) => format.count(row[status]) })),
  ];
  return (
    <Section title={title} aside={<>{t('jobs.queues.aside')} <ExportLink report="jobs" table="queues" what={title} /></>}>
      <Card size="small">
        <DataTable caption={title} columns={columns} rows={now.queues} rowKey={({ queue }) => queue} />
      </Card>
    </Section>
  );
}
