import { z } from 'zod';
import { ListGenerationsInput, MIN_OVER_MAX } from '#server/contracts/generations.ts';

/** The filters as they stand in the URL and in the form. */
export const FILTER_PARAMETERS = ['operation', 'model', 'user', 'status', 'disposition', 'errorType', 'costSource', 'minUsd', 'maxUsd'] as const;
export type FilterParameter = (typeof FILTER_PARAMETERS)[number];

const PARAMETERS = [...FILTER_PARAMETERS, 'cursor'] as const;
type Parameter = (typeof PARAMETERS)[number];

const FilterIssueReason = z.enum(['duplicate', 'min_over_max', 'amount', 'user', 'choice', 'name', 'cursor']);
type FilterIssueReason = z.infer<typeof FilterIssueReason>;

const FilterIssue = z.object({ parameter: z.enum(PARAMETERS), reason: FilterIssueReason });
export type FilterIssue = z.infer<typeof FilterIssue>;

/** What the error page of refused filters gets. */
export const RefusedFilters = z.object({ kind: z.literal('bad_filters'), issues: z.array(FilterIssue) });
export type RefusedFilters = z.infer<typeof RefusedFilters>;

type FilterQuery =
  | { readonly isValid: true; readonly input: ListGenerationsInput }
  | { readonly isValid: false; readonly refused: RefusedFilters };

/** What each parameter may be, which is what is told of one that is refused. */
const REASONS: Record<Parameter, FilterIssueReason> = {
  operation: 'name',
  model: 'name',
  user: 'user',
  status: 'choice',
  disposition: 'choice',
  errorType: 'choice',
  costSource: 'choice',
  minUsd: 'amount',
  maxUsd: 'amount',
  cursor: 'cursor',
};

/** A plain form sends empty fields too; they ask for nothing. */
export function hasEmptyParameter(query: URLSearchParams): boolean {
  return PARAMETERS.some((parameter) => query.getAll(parameter).some((value) => value.trim() === ''));
}

/** The query without the empty fields of a form. */
export function dropEmptyParameters(query: URLSearchParams): URLSearchParams {
  const isEmpty = ([name, value]: [string, string]) => PARAMETERS.some((parameter) => parameter === name) && value.trim() === '';
  return new URLSearchParams([...query].filter((entry) => !isEmpty(entry)));
}

function readValue(parameter: Parameter, text: string): string | number {
  const value = text.trim();
  if (parameter === 'user') return /^\d{1,16}$/.test(value) ? Number(value) : value;
  // Who writes Russian writes a decimal comma.
  if (parameter === 'minUsd' || parameter === 'maxUsd') return value.replace(',', '.');
  return value;
}

function toIssue(issue: z.core.$ZodIssue): FilterIssue[] {
  const parameter = PARAMETERS.find((name) => name === issue.path[0]);
  if (!parameter) return [];
  const isCrossed = issue.code === 'custom' && issue.params?.['reason'] === MIN_OVER_MAX;
  return [{ parameter, reason: isCrossed ? 'min_over_max' : REASONS[parameter] }];
}

/** The filters that a URL asks for, by the contract of the API; also refuses a parameter that is given twice. */
export function parseFilterQuery(query: URLSearchParams): FilterQuery {
  const refuse = (issues: FilterIssue[]): FilterQuery => ({ isValid: false, refused: { kind: 'bad_filters', issues } });
  const duplicates = PARAMETERS.filter((parameter) => query.getAll(parameter).length > 1);
  if (duplicates.length > 0) return refuse(duplicates.map((parameter) => ({ parameter, reason: 'duplicate' })));

  const given = PARAMETERS.flatMap((parameter) => {
    const text = query.get(parameter);
    return text === null || text.trim() === '' ? [] : [[parameter, readValue(parameter, text)] as const];
  });
  const parsed = ListGenerationsInput.safeParse(Object.fromEntries(given));
  if (parsed.success) return { isValid: true, input: parsed.data };
  const issues = new Map(parsed.error.issues.flatMap(toIssue).map((issue) => [issue.parameter, issue]));
  return refuse([...issues.values()]);
}
