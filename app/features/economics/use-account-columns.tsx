import { useTranslation } from 'react-i18next';
import type { Account } from '#server/contracts/economics.ts';
import type { Column } from '../../components/data-table.tsx';
import { Money } from '../../components/money.tsx';
import { useFormat } from '../../lib/use-format.ts';

type Key = 'revenue' | 'payments' | 'refunds' | 'cost' | 'margin';

/** Columns of what came in and what went out; those that are asked for, in their order. */
export function useAccountColumns<Row extends Account>(keys: readonly Key[]): Column<Row>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const renders: Record<Key, Column<Row>['render']> = {
    revenue: ({ revenueUsd }) => <Money usd={revenueUsd} />,
    payments: ({ paymentCount }) => format.count(paymentCount),
    refunds: ({ refundUsd }) => <Money usd={refundUsd} />,
    cost: ({ costUsd }) => <Money usd={costUsd} />,
    margin: ({ marginUsd }) => <Money usd={marginUsd} />,
  };
  return keys.map((key) => ({ key, title: t(`economics.columns.${key}`), isNumeric: true, render: renders[key] }));
}

/** A column of a count. */
export function useCountColumn<Row>(key: 'attempts' | 'open' | 'delivered' | 'signups', pick: (row: Row) => number): Column<Row> {
  const { t } = useTranslation();
  const format = useFormat();
  return { key, title: t(`economics.columns.${key}`), isNumeric: true, render: (row) => format.count(pick(row)) };
}
