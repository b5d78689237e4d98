import { EconomicsInput } from '#server/contracts/economics.ts';
import type { RangeInput } from '#server/contracts/time-range.ts';

const PARAMETER = 'top';

/** What a URL asks for beside its range, by the contract of the API; null where that is refused, or given twice. */
export function parseEconomicsQuery(query: URLSearchParams, range: RangeInput): EconomicsInput | null {
  const given = query.getAll(PARAMETER);
  const [top] = given;
  if (top === undefined) return range;
  if (given.length > 1 || !/^\d+$/.test(top)) return null;
  return EconomicsInput.safeParse({ ...range, top: Number(top) }).data ?? null;
}
