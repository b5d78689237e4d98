import { LATENCY_KEYS, PerformanceInput, type LatencyFamily, type LatencyKeyName } from '#server/contracts/performance.ts';
import type { RangeInput } from '#server/contracts/time-range.ts';
import { changeQuery } from '../../lib/change-query.ts';
import { readParameters } from '../../lib/read-query.ts';

const PARAMETERS = ['family', ...LATENCY_KEYS] as const;

/** What a URL asks for beside its range, by the contract of the API; null where that is refused, or given twice. */
export function parsePerformanceQuery(query: URLSearchParams, range: RangeInput): PerformanceInput | null {
  const given = readParameters(query, PARAMETERS);
  return given && (PerformanceInput.safeParse({ ...range, ...given }).data ?? null);
}

/** The query of the same range that shows the development of a family, or of a part of it. */
export function chosenQuery(search: string, family: LatencyFamily, part: Partial<Record<LatencyKeyName, string>> = {}): string {
  const keys = Object.fromEntries(LATENCY_KEYS.map((name) => [name, part[name] ?? null]));
  return changeQuery(search, { family, ...keys });
}
