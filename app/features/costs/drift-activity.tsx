import { Card } from 'antd';
import { useTranslation } from 'react-i18next';
import type { ActivityComparison, Drift } from '#server/contracts/drift.ts';
import { DataTable, type Column } from '../../components/data-table.tsx';
import { Instant } from '../../components/instant.tsx';
import { Money } from '../../components/money.tsx';
import { useFormat } from '../../lib/use-format.ts';
import { DriftAmount } from './drift-amount.tsx';

export interface DriftActivityProps {
  readonly activity: NonNullable<Drift['activity']>;
  readonly timeZone: string;
}

/** Both sides of each model on each completed UTC day, by the activity of the whole account. */
export function DriftActivity({ activity: { checkedAt, rows, totalCount }, timeZone }: DriftActivityProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const columns: Column<ActivityComparison>[] = [
    { key: 'date', title: t('drift.activity.columns.date'), render: ({ date }) => <time dateTime={date}>{format.day(date, 'UTC')}</time> },
    { key: 'model', title: t('drift.activity.columns.model'), render: ({ model }) => model },
    { key: 'difference', title: t('drift.columns.difference'), isNumeric: true, render: ({ differenceUsd }) => <DriftAmount usd={differenceUsd} /> },
    { key: 'ledger', title: t('drift.columns.ledger'), isNumeric: true, render: ({ ledgerUsd }) => <Money usd={ledgerUsd} /> },
    { key: 'provider', title: t('drift.columns.provider'), isNumeric: true, render: ({ providerUsd }) => <Money usd={providerUsd} /> },
    { key: 'ledgerCount', title: t('drift.activity.columns.ledgerCount'), isNumeric: true, render: ({ ledgerCount }) => format.count(ledgerCount) },
    { key: 'providerCount', title: t('drift.activity.columns.providerCount'), isNumeric: true, render: ({ providerCount }) => format.count(providerCount) },
  ];
  return (
    <Card size="small" className="drift-long" title={<h3>{t('drift.activity.title')}</h3>}>
      <p className="stat-note">
        {t('drift.activity.note')} {t('drift.measuredAt')}: <Instant at={checkedAt} timeZone={timeZone} isPrecise />.
      </p>
      <DataTable caption={t('drift.activity.title')} columns={columns} rows={rows} rowKey={({ date, model }) => `${date} ${model}`} />
      {totalCount > rows.length && <p className="stat-note">{t('drift.activity.cut', { shown: format.count(rows.length), total: format.count(totalCount) })}</p>}
    </Card>
  );
}
