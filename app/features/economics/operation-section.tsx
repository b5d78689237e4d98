import { Link } from '@remix-run/react';
import { Card } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Economics, OperationCost } from '#server/contracts/economics.ts';
import { ShareBar } from '../../charts/share-bar.tsx';
import { DataTable, type Column } from '../../components/data-table.tsx';
import { ExportLink } from '../../components/export-link.tsx';
import { Money } from '../../components/money.tsx';
import { Section } from '../../components/section.tsx';
import { Unknown } from '../../components/unknown.tsx';
import { computeShareRatio } from '../../lib/format/money.ts';
import { generationsPath } from '../../lib/generations-path.ts';
import { useVocabulary } from '../../lib/use-vocabulary.ts';
import { useCountColumn } from './use-account-columns.tsx';

/** What each operation costs, in all and per reading that reached a user; a name leads to its attempts. */
export function OperationSection({ report: { range, byOperation, total } }: { report: Economics }) {
  const { t } = useTranslation();
  const words = useVocabulary();
  const title = t('economics.byOperation.title');
  const columns: Column<OperationCost>[] = [
    {
      key: 'operation',
      title: t('economics.columns.operation'),
      render: ({ operation, costUsd }) => (
        <>
          {operation === 'other' ? words.operation(operation) : <Link to={generationsPath(range, { operation })}>{words.operation(operation)}</Link>}
          <ShareBar ratio={computeShareRatio(costUsd, total.costUsd) ?? 0} />
        </>
      ),
    },
    { key: 'cost', title: t('economics.columns.cost'), isNumeric: true, render: ({ costUsd }) => <Money usd={costUsd} /> },
    useCountColumn<OperationCost>('attempts', (row) => row.attemptCount),
    useCountColumn<OperationCost>('open', (row) => row.openCount),
    useCountColumn<OperationCost>('delivered', (row) => row.deliveredCount),
    {
      key: 'perDelivered',
      title: t('economics.columns.perDelivered'),
      isNumeric: true,
      render: ({ perDeliveredUsd }) => (perDeliveredUsd === null ? <Unknown /> : <Money usd={perDeliveredUsd} />),
    },
  ];
  return (
    <Section title={title} aside={<>{t('economics.byOperation.aside')} <ExportLink report="economics" table="operations" what={title} /></>}>
      <Card size="small">
        <DataTable caption={title} columns={columns} rows={byOperation} rowKey={({ operation }) => operation} />
      </Card>
    </Section>
  );
}
