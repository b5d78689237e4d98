import { Bucket, RANGE_PARAMETERS, RANGE_REFUSALS, RangeInput, type RangeParameter } from '#server/contracts/time-range.ts';
import { z } from 'zod';

const RangeIssueReason = z.enum([...RANGE_REFUSALS, 'unknown_preset', 'unknown_bucket', 'unknown_comparison', 'bad_instant', 'duplicate', 'other']);
type RangeIssueReason = z.infer<typeof RangeIssueReason>;

/** One refused parameter of the URL and the reason, which pages put into words, with the buckets that are allowed where that is the matter. */
const RangeIssue = z.object({ parameter: z.enum(RANGE_PARAMETERS), reason: RangeIssueReason, allowed: z.array(Bucket).optional() });
export type RangeIssue = z.infer<typeof RangeIssue>;

/** What the error page of a refused range gets. */
export const RefusedRange = z.object({ kind: z.literal('bad_range'), issues: z.array(RangeIssue) });
export type RefusedRange = z.infer<typeof RefusedRange>;

type RangeQuery = { readonly isValid: true; readonly input: RangeInput } | { readonly isValid: false; readonly refused: RefusedRange };

/** What it means that a choice is none of those that there are. */
const UNKNOWN_CHOICES: Partial<Record<RangeParameter, RangeIssueReason>> = { range: 'unknown_preset', bucket: 'unknown_bucket', compare: 'unknown_comparison' };

function findParameter(issue: z.core.$ZodIssue): RangeParameter | undefined {
  return RANGE_PARAMETERS.find((name) => name === issue.path[0]);
}

function toIssue(issue: z.core.$ZodIssue): RangeIssue {
  const parameter = findParameter(issue) ?? 'range';
  const params: unknown = issue.code === 'custom' ? issue.params : undefined;
  const told = z.object({ reason: RangeIssueReason, allowed: z.array(Bucket).optional() }).safeParse(params).data;
  if (told) return { parameter, ...told };
  if (issue.code === 'invalid_value') return { parameter, reason: UNKNOWN_CHOICES[parameter] ?? 'other' };
  return { parameter, reason: issue.code === 'invalid_format' ? 'bad_instant' : 'other' };
}

function toRefused(issues: readonly RangeIssue[]): RefusedRange {
  return { kind: 'bad_range', issues: RANGE_PARAMETERS.flatMap((parameter) => issues.find((issue) => issue.parameter === parameter) ?? []) };
}

/** The range that a URL asks for, by the contract of the API; also refuses a parameter that is given twice. */
export function parseRangeQuery(query: URLSearchParams): RangeQuery {
  const refuse = (issues: readonly RangeIssue[]): RangeQuery => ({ isValid: false, refused: toRefused(issues) });
  const duplicates = RANGE_PARAMETERS.filter((parameter) => query.getAll(parameter).length > 1);
  if (duplicates.length > 0) return refuse(duplicates.map((parameter) => ({ parameter, reason: 'duplicate' })));

  const given = RANGE_PARAMETERS.flatMap((parameter) => (query.has(parameter) ? [[parameter, query.get(parameter)] as const] : []));
  const parsed = RangeInput.safeParse(Object.fromEntries(given));
  return parsed.success ? { isValid: true, input: parsed.data } : refuse(parsed.error.issues.map(toIssue));
}

/** Why the API refused a range that is well-formed; null for any other error. */
export function findRefusedRange(error: unknown): RefusedRange | null {
  if (!(error instanceof z.ZodError) || !error.issues.every(findParameter)) return null;
  return toRefused(error.issues.map(toIssue));
}
