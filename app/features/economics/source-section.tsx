import { Card } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Economics, SourceAccount } from '#server/contracts/economics.ts';
import { DataTable, type Column } from '../../components/data-table.tsx';
import { ExportLink } from '../../components/export-link.tsx';
import { Section } from '../../components/section.tsx';
import { useAccountColumns, useCountColumn } from './use-account-columns.tsx';

type Row = SourceAccount & { readonly name: string; readonly key: string };

/** What users of each source cost and brought in; the last row is the sum. */
export function SourceSection({ report: { bySource, total, users } }: { report: Economics }) {
  const { t } = useTranslation();
  const title = t('economics.bySource.title');
  const columns: Column<Row>[] = [
    { key: 'source', title: t('economics.columns.source'), render: ({ name }) => name },
    useCountColumn<Row>('signups', (row) => row.signupCount),
    ...useAccountColumns<Row>(['revenue', 'payments', 'cost', 'margin']),
    useCountColumn<Row>('attempts', (row) => row.attemptCount),
  ];
  const nameOf = (source: string | null) => (source === null ? t('economics.bySource.rest') : source === '' ? t('economics.bySource.nobody') : source);
  const rows: Row[] = [
    ...bySource.map((row) => ({ ...row, name: nameOf(row.source), key: row.source === null ? 'rest' : `of ${row.source}` })),
    { ...total, source: null, signupCount: users.newCount, name: t('economics.totalRow'), key: 'total' },
  ];
  return (
    <Section title={title} aside={<>{t('economics.bySource.aside')} <ExportLink report="economics" table="sources" what={title} /></>}>
      <Card size="small">
        {bySource.length === 0 ? <p className="empty">{t('economics.bySource.empty')}</p> : <DataTable caption={title} columns={columns} rows={rows} rowKey={({ key }) => key} />}
      </Card>
    </Section>
  );
}
