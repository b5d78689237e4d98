import { sumCosts, sumCostsByBucket, type BucketCostRow, type CostColumn, type CostFilter, type CostRow } from '#db/queries/rollups/costs.ts';
import { DEFAULT_COST_DIMENSION, type CostDimension, type CostPart, type Costs, type CostsFigures, type CostsInput, type CostSums } from '#server/contracts/costs.ts';
import { NONE } from '#server/contracts/generations.ts';
import { invariant } from '#server/errors.ts';
import { averageUsd, compareUsd, sumUsd, toLedgerUsd, ZERO_USD } from '#server/lib/money.ts';
import { isUnfinished } from './is-unfinished.ts';
import { attemptsStart, readReport, type ReportDeps, type ReportScope } from './report-kit.ts';

const COLUMNS: Record<CostDimension, CostColumn> = {
  operation: 'operation', model: 'model', plan: 'plan', costSource: 'cost_source', disposition: 'disposition',
};
/** Keys that a list names; the rest is one row, so that the parts are the total. */
const PARTS_MAX = 50;
/** Keys that a chart tells apart: as many as it has colours. */
const SERIES_MAX = 5;

/** What the models cost in a range, over time and by what it was spent on. The input is validated by `CostsInput`. */
export function getCosts(deps: ReportDeps, { by = DEFAULT_COST_DIMENSION, ...input }: CostsInput): Promise<Costs> {
  return readReport(deps, input, (scope) => readCosts(scope, by, toFilters(input)), attemptsStart);
}

function toFilters(input: CostsInput): CostFilter[] {
  return Object.entries(COLUMNS).flatMap(([name, column]) => {
    const value = input[name as CostDimension];
    return value === undefined ? [] : [{ column, value: name === 'disposition' && value === NONE ? '' : value }];
  });
}

async function readCosts({ executor, range, coverBuckets, coverWhole }: ReportScope, by: CostDimension, filters: readonly CostFilter[]): Promise<CostsFigures> {
  const [rows, bucketRows] = await Promise.all([
    sumCosts(executor, coverWhole('ledger'), filters),
    sumCostsByBucket(executor, coverBuckets('ledger'), COLUMNS[by], filters),
  ]);
  const total = rows.find(({ column }) => column === null);
  invariant(total, 'grouping sets with () always give a total');
  const partsOf = (dimension: CostDimension, max: number) => foldTail(rows.filter(({ column }) => column === COLUMNS[dimension]), max);
  const series = partsOf(by, SERIES_MAX).map(({ key }) => key);
  return {
    total: toSums([total]),
    by,
    series,
    overTime: fillBuckets(bucketRows, series, range),
    byOperation: partsOf('operation', PARTS_MAX),
    byModel: partsOf('model', PARTS_MAX),
    byPlan: partsOf('plan', PARTS_MAX),
    byCostSource: partsOf('costSource', PARTS_MAX),
    byDisposition: partsOf('disposition', PARTS_MAX),
  };
}

const nameOf = ({ key }: Pick<CostRow, 'key'>) => (key === '' ? NONE : key);

/** The dearest first; among equals the one with more attempts, then by name, so that the order is stable. */
function foldTail(rows: readonly CostRow[], max: number): CostPart[] {
  const sorted = rows.toSorted((a, b) => compareUsd(b.costUsd, a.costUsd) || b.attemptCount - a.attemptCount || String(a.key).localeCompare(String(b.key), 'en'));
  const named = sorted.slice(0, max).map((row) => ({ ...toSums([row]), key: nameOf(row) }));
  const tail = sorted.slice(max);
  return tail.length === 0 ? named : [...named, { ...toSums(tail), key: null }];
}

function toSums(rows: readonly CostRow[]): CostSums {
  const usd = (pick: (row: CostRow) => string) => toLedgerUsd(sumUsd(rows.map(pick)));
  const count = (pick: (row: CostRow) => number) => rows.reduce((sum, row) => sum + pick(row), 0);
  const [costUsd, settledCount] = [usd((row) => row.costUsd), count((row) => row.settledCount)];
  return {
    costUsd,
    billedUsd: usd((row) => row.billedUsd),
    lookupUsd: usd((row) => row.lookupUsd),
    estimatedUsd: usd((row) => row.estimatedUsd),
    attemptCount: count((row) => row.attemptCount),
    settledCount,
    voidCount: count((row) => row.voidCount),
    reservedCount: count((row) => row.reservedCount),
    unknownCount: count((row) => row.unknownCount),
    promptTokens: count((row) => row.promptTokens),
    completionTokens: count((row) => row.completionTokens),
    cachedPromptTokens: count((row) => row.cachedPromptTokens),
    reasoningTokens: count((row) => row.reasoningTokens),
    averageUsd: averageUsd(costUsd, settledCount),
  };
}

function fillBuckets(rows: readonly BucketCostRow[], series: readonly (string | null)[], range: ReportScope['range']): CostsFigures['overTime'] {
  const byBucket = Map.groupBy(rows, ({ bucket }) => bucket);
  return range.starts.map((start, index) => {
    const found = byBucket.get(index) ?? [];
    const whole = found.find(({ key }) => key === null);
    const parts = found.filter(({ key }) => key !== null);
    const isOf = (key: string | null) => (row: BucketCostRow) => (key === null ? !series.includes(nameOf(row)) : nameOf(row) === key);
    return {
      startsAt: start.toISOString(),
      isUnfinished: isUnfinished(range.starts[index + 1], range),
      costUsd: whole?.costUsd ?? ZERO_USD,
      attemptCount: whole?.attemptCount ?? 0,
      partsUsd: series.map((key) => toLedgerUsd(sumUsd(parts.filter(isOf(key)).map((row) => row.costUsd)))),
    };
  });
}
