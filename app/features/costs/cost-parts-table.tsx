import { Link, useLocation } from '@remix-run/react';
import { Card } from 'antd';
import { useTranslation } from 'react-i18next';
import type { CostDimension, CostPart, Costs } from '#server/contracts/costs.ts';
import { ShareBar } from '../../charts/share-bar.tsx';
import { DataTable, type Column } from '../../components/data-table.tsx';
import { ExportLink } from '../../components/export-link.tsx';
import { FigureChange } from '../../components/figure-change.tsx';
import { Money } from '../../components/money.tsx';
import { Unknown } from '../../components/unknown.tsx';
import { changeQuery } from '../../lib/change-query.ts';
import { computeShareRatio } from '../../lib/format/money.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useCostWords } from './cost-words.ts';

const PARTS = { operation: 'byOperation', model: 'byModel', plan: 'byPlan', costSource: 'byCostSource', disposition: 'byDisposition' } as const;
const TABLES = { operation: 'operations', model: 'models', plan: 'plans', costSource: 'cost-sources', disposition: 'dispositions' } as const;

type Row = CostPart & { readonly id: string };

/** Cost by one dimension, the dearest first, with the sum; a name shows that part alone. */
export function CostPartsTable({ report, dimension }: { report: Costs; dimension: CostDimension }) {
  const { t } = useTranslation();
  const format = useFormat();
  const nameOf = useCostWords();
  const { pathname, search } = useLocation();
  const title = t(`costs.split.dimensions.${dimension}`);
  const { total, compared } = report;
  const rows: Row[] = [
    ...report[PARTS[dimension]].map((part) => ({ ...part, id: part.key === null ? 'rest' : `of ${part.key}` })),
    { ...total, key: null, id: 'total' },
  ];
  const earlierOf = ({ id, key }: Row) => {
    if (!compared) return undefined;
    return (id === 'total' ? compared.total : compared[PARTS[dimension]].find((part) => part.key === key))?.costUsd ?? null;
  };
  const label = ({ id, key }: Row) => (id === 'total' ? t('costs.waste.totalRow') : key === null ? t('costs.waste.rest') : nameOf(dimension, key));
  const count = (key: string, title_: string, pick: (row: Row) => number): Column<Row> => ({ key, title: title_, isNumeric: true, render: (row) => format.count(pick(row)) });
  const columns: Column<Row>[] = [
    {
      key: 'name',
      title,
      render: (row) => (
        <>
          {row.key === null ? label(row) : <Link to={`${pathname}${changeQuery(search, { [dimension]: row.key })}`} preventScrollReset>{label(row)}</Link>}
          {row.id !== 'total' && <ShareBar ratio={computeShareRatio(row.costUsd, total.costUsd) ?? 0} />}
        </>
      ),
    },
    { key: 'cost', title: t('costs.waste.columns.cost'), isNumeric: true, render: ({ costUsd }) => <Money usd={costUsd} /> },
    ...(compared ? [{ key: 'change', title: t('change.title'), isNumeric: true, render: (row: Row) => <FigureChange figure={row.costUsd} earlier={earlierOf(row)} format={format.usd} /> }] : []),
    { key: 'share', title: t('costs.split.share'), isNumeric: true, render: ({ costUsd }) => <Share part={costUsd} whole={total.costUsd} /> },
    count('attempts', t('costs.waste.columns.attempts'), (row) => row.attemptCount),
    count('open', t('costs.waste.columns.open'), (row) => row.reservedCount + row.unknownCount),
    count('tokens', t('overview.operations.tokens'), (row) => row.promptTokens + row.completionTokens),
    { key: 'average', title: t('overview.operations.average'), isNumeric: true, render: ({ averageUsd }) => (averageUsd === null ? <Unknown /> : <Money usd={averageUsd} />) },
  ];
  return (
    <Card size="small" title={<h3>{title}</h3>} extra={<ExportLink report="costs" table={TABLES[dimension]} what={title} />}>
      <DataTable caption={title} columns={columns} rows={rows} rowKey={({ id }) => id} />
    </Card>
  );
}

function Share({ part, whole }: { part: string; whole: string }) {
  const format = useFormat();
  const ratio = computeShareRatio(part, whole);
  return ratio === null ? <Unknown /> : <>{format.percent(ratio)}</>;
}
