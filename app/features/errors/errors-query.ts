import { ErrorsInput, type ErrorHandler, type FailureType } from '#server/contracts/errors.ts';
import type { RangeInput } from '#server/contracts/time-range.ts';
import { changeQuery } from '../../lib/change-query.ts';
import { readParameters } from '../../lib/read-query.ts';

/** What a URL asks for beside its range, by the contract of the API; null where that is refused, or given twice. */
export function parseErrorsQuery(query: URLSearchParams, range: RangeInput): ErrorsInput | null {
  const given = readParameters(query, ['handler', 'errorType']);
  return given && (ErrorsInput.safeParse({ ...range, ...given }).data ?? null);
}

/** What errors are narrowed to; nothing where neither is given. */
export interface ErrorFilter {
  readonly handler?: ErrorHandler | null;
  readonly errorType?: FailureType | null;
}

/** The query of the same range narrowed to something else. */
export function errorFilterQuery(search: string, { handler = null, errorType = null }: ErrorFilter = {}): string {
  return changeQuery(search, { handler, errorType });
}
