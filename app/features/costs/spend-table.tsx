import { Link } from '@remix-run/react';
import { useTranslation } from 'react-i18next';
import type { Spend, Waste } from '#server/contracts/waste.ts';
import { DataTable, type Column } from '../../components/data-table.tsx';
import { Unknown } from '../../components/unknown.tsx';
import { computeShareRatio } from '../../lib/format/money.ts';
import { generationsPath } from '../../lib/generations-path.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useVocabulary } from '../../lib/use-vocabulary.ts';
import { SpendAmount } from './spend-amount.tsx';

export interface SpendTableProps {
  readonly kind: 'operation' | 'model';
  readonly waste: Waste;
  /** `name` null: all that are not listed by name. */
  readonly parts: readonly (Spend & { readonly name: string | null })[];
}

type SpendRow = Spend & { readonly key: string; readonly label: string; readonly name: string | null };

/** Spend of each operation or model, split into delivered and wasted; the last row is the sum. */
export function SpendTable({ kind, waste, parts }: SpendTableProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useVocabulary();
  const labelOf = (name: string) => (kind === 'operation' ? words.operation(name) : name);
  const rows: SpendRow[] = [
    ...parts.map((part) => ({ ...part, key: part.name === null ? 'rest' : `of ${part.name}`, label: part.name === null ? t('costs.waste.rest') : labelOf(part.name) })),
    { ...waste.total, key: 'total', label: t('costs.waste.totalRow'), name: null },
  ];
  const money = (key: 'cost' | 'delivered' | 'wasted', pick: (row: SpendRow) => string): Column<SpendRow> => ({
    key,
    title: t(`costs.waste.columns.${key}`),
    isNumeric: true,
    render: (row) => <SpendAmount spend={row} usd={pick(row)} />,
  });
  const count = (key: 'attempts' | 'open', pick: (row: SpendRow) => number): Column<SpendRow> => ({
    key,
    title: t(`costs.waste.columns.${key}`),
    isNumeric: true,
    render: (row) => format.count(pick(row)),
  });
  const columns: Column<SpendRow>[] = [
    {
      key: kind,
      title: t(`costs.waste.columns.${kind}`),
      render: ({ name, label }) => (name === null ? label : <Link to={generationsPath(waste.range, { [kind]: name })}>{label}</Link>),
    },
    money('cost', (row) => row.costUsd),
    money('delivered', (row) => row.deliveredUsd),
    money('wasted', (row) => row.wastedUsd),
    { key: 'share', title: t('costs.waste.columns.share'), isNumeric: true, render: (row) => <WastedShare spend={row} /> },
    count('attempts', (row) => row.attemptCount),
    count('open', (row) => row.openCount),
  ];
  return <DataTable caption={t(kind === 'operation' ? 'costs.waste.byOperation' : 'costs.waste.byModel')} columns={columns} rows={rows} rowKey={({ key }) => key} />;
}

function WastedShare({ spend: { wastedUsd, costUsd } }: { spend: Spend }) {
  const format = useFormat();
  const ratio = computeShareRatio(wastedUsd, costUsd);
  return ratio === null ? <Unknown /> : <>{format.percent(ratio)}</>;
}
