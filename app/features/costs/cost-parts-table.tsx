import { Link, useLocation } from '@remix-run/react';
import { Card } from 'antd';
import { useTranslation } from 'react-i18next';
import type { CostDimension, CostPart, Costs, CostSums } from '#server/contracts/costs.ts';
import { ShareBar } from '../../charts/share-bar.tsx';
import { DataTable, type Column } from '../../components/data-table.tsx';
import { ExportLink } from '../../components/export-link.tsx';
import { FigureChange } from '../../components/figure-change.tsx';
import { Money } from '../../components/money.tsx';
import { Unknown } from '../../components/unknown.tsx';
import { computeShareRatio } from '../../lib/format/money.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useCostWords } from './cost-words.ts';
import { costFilterQuery } from './costs-query.ts';

const PARTS = { operation: 'byOperation', model: 'byModel', plan: 'byPlan', costSource: 'byCostSource', disposition: 'byDisposition' } as const;
const TABLES = { operation: 'operations', model: 'models', plan: 'plans', costSource: 'cost-sources', disposition: 'dispositions' } as const;

type Row = CostPart & { readonly id: string };

/** Cost by one dimension, the dearest first, with the sum; a name shows that part alone. */
export function CostPartsTable({ report, dimension }: { report: Costs; dimension: CostDimension }) {
  const { t } = useTranslation();
  const title = t(`costs.split.tables.${dimension}`);
  const columns = useColumns(report, dimension);
  const rows: Row[] = [
    ...report[PARTS[dimension]].map((part) => ({ ...part, id: part.key === null ? 'rest' : `of ${part.key}` })),
    { ...report.total, key: null, id: 'total' },
  ];
  return (
    <Card size="small" title={<h3>{title}</h3>} extra={<ExportLink report="costs" table={TABLES[dimension]} what={title} />}>
      <DataTable caption={title} columns={columns} rows={rows} rowKey={({ id }) => id} />
    </Card>
  );
}

function useColumns({ total, compared }: Costs, dimension: CostDimension): Column<Row>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const change: Column<Row> = {
    key: 'change',
    title: t('change.title'),
    isNumeric: true,
    render: (row) => <FigureChange figure={row.costUsd} earlier={compared ? earlierOf(row, compared.total, compared[PARTS[dimension]]) : undefined} format={format.usd} />,
  };
  const count = (key: string, title: string, pick: (row: Row) => number): Column<Row> => ({ key, title, isNumeric: true, render: (row) => format.count(pick(row)) });
  return [
    useNameColumn(dimension, total),
    { key: 'cost', title: t('costs.waste.columns.cost'), isNumeric: true, render: (row) => (isOpen(row) ? <Unknown /> : <Money usd={row.costUsd} />) },
    ...(compared ? [change] : []),
    { key: 'share', title: t('costs.split.share'), isNumeric: true, render: (row) => <Share part={row} whole={total} /> },
    count('attempts', t('costs.waste.columns.attempts'), (row) => row.attemptCount),
    count('open', t('costs.waste.columns.open'), (row) => row.reservedCount + row.unknownCount),
    count('tokens', t('overview.operations.tokens'), (row) => row.promptTokens + row.completionTokens),
    { key: 'average', title: t('overview.operations.average'), isNumeric: true, render: ({ averageUsd }) => (averageUsd === null ? <Unknown /> : <Money usd={averageUsd} />) },
  ];
}

function useNameColumn(dimension: CostDimension, total: CostSums): Column<Row> {
  const { t } = useTranslation();
  const nameOf = useCostWords();
  const { pathname, search } = useLocation();
  const isChosen = (key: string) => new URLSearchParams(search).get(dimension) === key;
  const tell = ({ id, key }: Row) => {
    if (key === null) return id === 'total' ? t('costs.waste.totalRow') : t('costs.waste.rest');
    const [name, query] = [nameOf(dimension, key), costFilterQuery(search, dimension, key)];
    if (query === null) return name;
    return (
      <Link to={`${pathname}${query}`} aria-current={isChosen(key) ? 'true' : undefined} preventScrollReset>
        {name}
      </Link>
    );
  };
  return {
    key: 'name',
    title: t(`costs.split.dimensions.${dimension}`),
    render: (row) => (
      <>
        {tell(row)}
        {row.id !== 'total' && <ShareBar ratio={computeShareRatio(row.costUsd, total.costUsd) ?? 0} />}
      </>
    ),
  };
}

/** Whether no cost of it is known, which is something else than nothing. */
function isOpen({ settledCount, reservedCount, unknownCount }: CostSums): boolean {
  return settledCount === 0 && reservedCount + unknownCount > 0;
}

/** What a row cost in the compared range; undefined for the others, which are not the same ones there. */
function earlierOf({ id, key }: Row, total: CostSums, parts: readonly CostPart[]): string | null | undefined {
  if (id === 'total') return total.costUsd;
  if (key === null) return undefined;
  const part = parts.find((earlier) => earlier.key === key);
  if (part) return part.costUsd;
  // Where all are listed by name, what is not listed was not there.
  return parts.some((earlier) => earlier.key === null) ? null : '0';
}

function Share({ part, whole }: { part: CostSums; whole: CostSums }) {
  const format = useFormat();
  const ratio = isOpen(part) ? null : computeShareRatio(part.costUsd, whole.costUsd);
  return ratio === null ? <Unknown /> : <>{format.percent(ratio)}</>;
}
