import { Link } from '@remix-run/react';
import { useTranslation } from 'react-i18next';
import { NONE } from '#server/contracts/generations.ts';
import type { Spend, Waste } from '#server/contracts/waste.ts';
import { ShareBar } from '../../charts/share-bar.tsx';
import { DataTable, type Column } from '../../components/data-table.tsx';
import { computeShareRatio } from '../../lib/format/money.ts';
import { generationsPath } from '../../lib/generations-path.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useVocabulary } from '../../lib/use-vocabulary.ts';
import { SpendAmount } from './spend-amount.tsx';

interface CauseRow extends Spend {
  /** Null: the row over all. */
  readonly cause: Pick<Waste['byCause'][number], 'disposition' | 'errorType'> | null;
}

/** Spend by what became of the text and why, each leading to its attempts; the last row is the sum. */
export function CauseTable({ waste }: { waste: Waste }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useVocabulary();
  const rows: CauseRow[] = [
    ...waste.byCause.map(({ disposition, errorType, ...spend }) => ({ ...spend, cause: { disposition, errorType } })),
    { ...waste.total, cause: null },
  ];
  const columns: Column<CauseRow>[] = [
    {
      key: 'disposition',
      title: t('costs.waste.columns.disposition'),
      render: ({ cause, costUsd }) =>
        cause === null ? (
          t('costs.waste.totalRow')
        ) : (
          <>
            <Link to={generationsPath(waste.range, { disposition: cause.disposition ?? NONE, errorType: cause.errorType ?? NONE })}>
              {words.disposition(cause.disposition ?? NONE)}
            </Link>
            <ShareBar ratio={computeShareRatio(costUsd, waste.total.costUsd) ?? 0} />
          </>
        ),
    },
    { key: 'cause', title: t('costs.waste.columns.cause'), render: ({ cause }) => cause && words.errorType(cause.errorType ?? NONE) },
    { key: 'cost', title: t('costs.waste.columns.cost'), isNumeric: true, render: (row) => <SpendAmount spend={row} usd={row.costUsd} /> },
    { key: 'attempts', title: t('costs.waste.columns.attempts'), isNumeric: true, render: (row) => format.count(row.attemptCount) },
    { key: 'open', title: t('costs.waste.columns.open'), isNumeric: true, render: (row) => format.count(row.openCount) },
  ];
  return (
    <DataTable
      caption={t('costs.waste.byCause')}
      columns={columns}
      rows={rows}
      rowKey={({ cause }) => (cause ? `${cause.disposition}/${cause.errorType}` : 'total')}
    />
  );
}
