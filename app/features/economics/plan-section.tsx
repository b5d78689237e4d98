import { Card } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Account, Economics } from '#server/contracts/economics.ts';
import { DataTable, type Column } from '../../components/data-table.tsx';
import { ExportLink } from '../../components/export-link.tsx';
import { Section } from '../../components/section.tsx';
import { useVocabulary } from '../../lib/use-vocabulary.ts';
import { useAccountColumns, useCountColumn } from './use-account-columns.tsx';

interface Row extends Account {
  readonly name: string;
  readonly attemptCount: number;
  readonly openCount: number;
}

/** Revenue, cost and margin of each plan; the last row is the sum. */
export function PlanSection({ report: { byPlan, total } }: { report: Economics }) {
  const { t } = useTranslation();
  const words = useVocabulary();
  const title = t('economics.byPlan.title');
  const columns: Column<Row>[] = [
    { key: 'plan', title: t('economics.columns.plan'), render: ({ name }) => name },
    ...useAccountColumns<Row>(['revenue', 'payments', 'cost', 'margin']),
    useCountColumn<Row>('attempts', (row) => row.attemptCount),
    useCountColumn<Row>('open', (row) => row.openCount),
  ];
  const rows: Row[] = [
    ...byPlan.map(({ plan, ...row }) => ({ ...row, name: plan === 'other' ? t('economics.byPlan.other') : words.plan(plan) })),
    { ...total, openCount: total.reservedCount + total.unknownCount, name: t('economics.totalRow') },
  ];
  return (
    <Section title={title} aside={<>{t('economics.byPlan.aside')} <ExportLink report="economics" table="plans" what={title} /></>}>
      <Card size="small">
        <DataTable caption={title} columns={columns} rows={rows} rowKey={({ name }) => name} />
      </Card>
    </Section>
  );
}
