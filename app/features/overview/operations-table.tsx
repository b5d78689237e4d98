import { Card } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Overview } from '#server/contracts/overview.ts';
import { ShareBar } from '../../charts/share-bar.tsx';
import { DataTable, type Column } from '../../components/data-table.tsx';
import { ExportLink } from '../../components/export-link.tsx';
import { FigureChange } from '../../components/figure-change.tsx';
import { Money } from '../../components/money.tsx';
import { Section } from '../../components/section.tsx';
import { Unknown } from '../../components/unknown.tsx';
import { computeShareRatio } from '../../lib/format/money.ts';
import { useFormat } from '../../lib/use-format.ts';

type OperationCost = Overview['costByOperation'][number];

function useColumns(totalUsd: string, compared: Overview['compared']): Column<OperationCost>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const number = (key: 'requests' | 'failed' | 'tokens', pick: (row: OperationCost) => number): Column<OperationCost> => ({
    key,
    title: t(`overview.operations.${key}`),
    isNumeric: true,
    render: (row) => format.count(pick(row)),
  });
  const changeOf = ({ operation, costUsd }: OperationCost) => (
    <FigureChange figure={costUsd} earlier={compared?.costByOperation.find((row) => row.operation === operation)?.costUsd ?? null} format={format.usd} />
  );
  return [
    {
      key: 'operation',
      title: t('overview.operations.operation'),
      render: ({ operation, costUsd }) => (
        <>
          {t(`overview.operations.names.${operation}`)}
          <ShareBar ratio={computeShareRatio(costUsd, totalUsd) ?? 0} />
        </>
      ),
    },
    { key: 'cost', title: t('overview.operations.cost'), isNumeric: true, render: ({ costUsd }) => <Money usd={costUsd} /> },
    ...(compared === null ? [] : [{ key: 'change', title: t('change.title'), isNumeric: true, render: changeOf }]),
    number('requests', (row) => row.generationCount),
    number('failed', (row) => row.failedCount),
    number('tokens', (row) => row.tokenCount),
    {
      key: 'average',
      title: t('overview.operations.average'),
      isNumeric: true,
      render: ({ averageUsd }) => (averageUsd === null ? <Unknown /> : <Money usd={averageUsd} />),
    },
  ];
}

/** What each operation of the bot costs, with a bar for its share. */
export function OperationsTable({ overview }: { overview: Overview }) {
  const { t } = useTranslation();
  const columns = useColumns(overview.cost.totalUsd, overview.compared);
  return (
    <Section title={t('overview.operations.title')} aside={<ExportLink report="overview" table="operations" what={t('overview.operations.title')} />}>
      <Card size="small">
        <DataTable caption={t('overview.operations.title')} columns={columns} rows={overview.costByOperation} rowKey={(row) => row.operation} />
      </Card>
    </Section>
  );
}
