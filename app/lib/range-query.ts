import { RANGE_REFUSALS, RangeInput } from '#server/contracts/time-range.ts';
import { z } from 'zod';

const PARAMETERS = ['range', 'from', 'to'] as const;
type Parameter = (typeof PARAMETERS)[number];

const RangeIssueReason = z.enum([...RANGE_REFUSALS, 'unknown_preset', 'bad_instant', 'duplicate', 'other']);

/** One refused parameter of the URL and the reason, which pages put into words. */
const RangeIssue = z.object({ parameter: z.enum(PARAMETERS), reason: RangeIssueReason });
export type RangeIssue = z.infer<typeof RangeIssue>;

/** What the error page of a refused range gets. */
export const RefusedRange = z.object({ kind: z.literal('bad_range'), issues: z.array(RangeIssue) });
export type RefusedRange = z.infer<typeof RefusedRange>;

type RangeQuery = { readonly isValid: true; readonly input: RangeInput } | { readonly isValid: false; readonly refused: RefusedRange };

function toIssue(issue: z.core.$ZodIssue): RangeIssue {
  const parameter = PARAMETERS.find((name) => name === issue.path[0]) ?? 'range';
  const told: unknown = issue.code === 'custom' ? issue.params?.reason : undefined;
  const derived = { invalid_value: 'unknown_preset', invalid_format: 'bad_instant' }[String(issue.code)];
  return { parameter, reason: RangeIssueReason.catch('other').parse(told ?? derived) };
}

/** The range that a URL asks for, by the contract of the API; also refuses a parameter that is given twice. */
export function parseRangeQuery(query: URLSearchParams): RangeQuery {
  const refuse = (issues: RangeIssue[]): RangeQuery => ({ isValid: false, refused: { kind: 'bad_range', issues } });
  const duplicates = PARAMETERS.filter((parameter) => query.getAll(parameter).length > 1);
  if (duplicates.length > 0) return refuse(duplicates.map((parameter) => ({ parameter, reason: 'duplicate' })));

  const given = PARAMETERS.flatMap((parameter) => (query.has(parameter) ? [[parameter, query.get(parameter)] as const] : []));
  const parsed = RangeInput.safeParse(Object.fromEntries(given));
  if (parsed.success) return { isValid: true, input: parsed.data };
  const firstByParameter = new Map<Parameter, RangeIssue>();
  for (const issue of parsed.error.issues.map(toIssue)) {
    if (!firstByParameter.has(issue.parameter)) firstByParameter.set(issue.parameter, issue);
  }
  return refuse([...firstByParameter.values()]);
}
