import { COST_DIMENSIONS, CostsInput } from '#server/contracts/costs.ts';
import type { RangeInput } from '#server/contracts/time-range.ts';

const PARAMETERS = ['by', ...COST_DIMENSIONS] as const;

/** What a URL asks for beside its range, by the contract of the API; null where that is refused, or given twice. */
export function parseCostsQuery(query: URLSearchParams, range: RangeInput): CostsInput | null {
  if (PARAMETERS.some((name) => query.getAll(name).length > 1)) return null;
  const given = PARAMETERS.flatMap((name) => (query.has(name) ? [[name, query.get(name)] as const] : []));
  return CostsInput.safeParse({ ...range, ...Object.fromEntries(given) }).data ?? null;
}
