import { COST_DIMENSIONS, CostsInput, type CostDimension } from '#server/contracts/costs.ts';
import type { RangeInput } from '#server/contracts/time-range.ts';
import { changeQuery } from '../../lib/change-query.ts';
import { readParameters } from '../../lib/read-query.ts';

const PARAMETERS = ['by', ...COST_DIMENSIONS] as const;

/** What a URL asks for beside its range, by the contract of the API; null where that is refused, or given twice. */
export function parseCostsQuery(query: URLSearchParams, range: RangeInput): CostsInput | null {
  const given = readParameters(query, PARAMETERS);
  return given && (CostsInput.safeParse({ ...range, ...given }).data ?? null);
}

/** The query that narrows the costs to one part; null where the API would refuse to: the ledger may hold stranger names than it takes. */
export function costFilterQuery(search: string, dimension: CostDimension, key: string): string | null {
  return CostsInput.safeParse({ [dimension]: key }).success ? changeQuery(search, { [dimension]: key }) : null;
}
