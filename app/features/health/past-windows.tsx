import { useTranslation } from 'react-i18next';
import type { WindowRow } from '#server/contracts/health-history.ts';
import { DataTable, type Column } from '../../components/data-table.tsx';
import { Unknown } from '../../components/unknown.tsx';
import { useFormat } from '../../lib/use-format.ts';
import { useHealthWords } from './use-health-words.ts';
import { WindowSpan } from './window-span.tsx';

/** Windows that are over, behind a line: they only matter to who looks back. */
export function PastWindows({ windows, timeZone }: { windows: readonly WindowRow[]; timeZone: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useHealthWords();
  const titles = t('healthPage.maintenance.columns', { returnObjects: true });
  const columns: Column<WindowRow>[] = [
    { key: 'span', title: titles.span, render: (window) => <WindowSpan window={window} timeZone={timeZone} /> },
    { key: 'checks', title: titles.checks, render: ({ checks }) => (checks.length === 0 ? t('healthPage.maintenance.allChecks') : checks.map(words.check).join(', ')) },
    { key: 'reason', title: titles.reason, render: ({ reason }) => <span className="health-reason">{reason}</span> },
    { key: 'by', title: titles.by, render: ({ createdBy }) => createdBy ?? <Unknown /> },
    { key: 'incidents', title: titles.incidents, isNumeric: true, render: ({ incidentCount }) => format.count(incidentCount) },
  ];
  return (
    <details className="chart-table">
      <summary>{t('healthPage.maintenance.past')}</summary>
      <DataTable caption={t('healthPage.maintenance.past')} columns={columns} rows={windows} rowKey={({ windowId }) => String(windowId)} />
    </details>
  );
}
