import { JobsInput, type WorkName } from '#server/contracts/jobs.ts';
import type { RangeInput } from '#server/contracts/time-range.ts';
import { changeQuery } from '../../lib/change-query.ts';
import { readParameters } from '../../lib/read-query.ts';

/** What a URL asks for beside its range, by the contract of the API; null where that is refused, or given twice. */
export function parseJobsQuery(query: URLSearchParams, range: RangeInput): JobsInput | null {
  const given = readParameters(query, ['name']);
  return given && (JobsInput.safeParse({ ...range, ...given }).data ?? null);
}

/** The query of the same range narrowed to another schedule or job; null: to none. */
export function jobFilterQuery(search: string, name: WorkName | null): string {
  return changeQuery(search, { name });
}
