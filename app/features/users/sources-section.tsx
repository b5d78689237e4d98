import { Card } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Users } from '#server/contracts/users.ts';
import { ShareBar } from '../../charts/share-bar.tsx';
import { DataTable, type Column } from '../../components/data-table.tsx';
import { ExportLink } from '../../components/export-link.tsx';
import { Section } from '../../components/section.tsx';
import { useFormat } from '../../lib/use-format.ts';

type Source = Users['bySource'][number];

/** Where the new users of the range came from; the last row is the sum. */
export function SourcesSection({ report: { bySource, total } }: { report: Users }) {
  const { t } = useTranslation();
  const format = useFormat();
  const title = t('users.sources.title');
  const rows: (Source & { readonly key: string })[] = [
    ...bySource.map((row) => ({ ...row, key: row.source === null ? 'rest' : `of ${row.source}` })),
    { source: null, signupCount: total.newCount, key: 'total' },
  ];
  const columns: Column<(typeof rows)[number]>[] = [
    {
      key: 'source',
      title: t('users.sources.source'),
      render: ({ source, key, signupCount }) => (
        <>
          {key === 'total' ? t('users.sources.total') : (source ?? t('users.sources.rest'))}
          {key !== 'total' && <ShareBar ratio={total.newCount === 0 ? 0 : signupCount / total.newCount} />}
        </>
      ),
    },
    { key: 'signups', title: t('users.range.newCount'), isNumeric: true, render: ({ signupCount }) => format.count(signupCount) },
    { key: 'share', title: t('users.sources.share'), isNumeric: true, render: ({ signupCount }) => (total.newCount === 0 ? '—' : format.percent(signupCount / total.newCount)) },
  ];
  return (
    <Section title={title} aside={<>{t('users.sources.aside')} <ExportLink report="users" table="sources" what={title} /></>}>
      <Card size="small">
        {bySource.length === 0 ? <p className="empty">{t('users.sources.empty')}</p> : <DataTable caption={title} columns={columns} rows={rows} rowKey={({ key }) => key} />}
      </Card>
    </Section>
  );
}
