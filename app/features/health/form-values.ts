import type { z } from 'zod';
import { CreateWindowInput, type AcknowledgeIncidentInput } from '#server/contracts/health-history.ts';
import { fromLocalTime, toLocalTime } from '../../lib/local-time.ts';

/** What stands in the form of a window, as typed; shown again when it is refused. */
export interface PlanValues {
  /** Day and time as clocks in `timeZone` show them. */
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
  readonly checks: readonly string[];
  readonly reason: string;
}

export type TextFault = 'textMissing' | 'textLong' | 'textRefused';
export type PlanField = 'from' | 'to' | 'checks' | 'reason';
export type PlanFault = TextFault | 'time' | 'notAfterStart' | 'tooLong' | 'past' | 'checks';
export type PlanFaults = { readonly [Field in PlanField]?: PlanFault };

const MINUTE_MS = 60_000;
const PROPOSED_MS = 60 * MINUTE_MS;

/** An hour from the next full ten minutes on. */
export function proposePlan(now: string, timeZone: string): PlanValues {
  const step = 10 * MINUTE_MS;
  const startMs = Math.ceil(Date.parse(now) / step) * step;
  const local = (atMs: number) => toLocalTime(new Date(atMs).toISOString(), timeZone);
  return { from: local(startMs), to: local(startMs + PROPOSED_MS), timeZone, checks: [], reason: '' };
}

/** Reads the form of a window; nothing is checked yet. */
export function readPlan(form: FormData): PlanValues {
  const text = (name: string) => String(form.get(name) ?? '').trim();
  return { from: text('from'), to: text('to'), timeZone: text('timeZone'), checks: form.getAll('checks').map(String), reason: text('reason') };
}

/** The form as input for a new window, or what is wrong with it. What is no time goes on as it is, to be refused. */
export function toWindowInput({ from, to, timeZone, checks, reason }: PlanValues): z.ZodSafeParseResult<CreateWindowInput> {
  return CreateWindowInput.safeParse({ startsAt: fromLocalTime(from, timeZone) ?? from, endsAt: fromLocalTime(to, timeZone) ?? to, checks, reason });
}

/** What is wrong, by the field that is to be mended; the first fault of each. */
export function describePlanFaults({ issues }: z.ZodError<CreateWindowInput>): PlanFaults {
  const faults: { [Field in PlanField]?: PlanFault } = {};
  for (const issue of issues) {
    const [field, fault] = planFaultOf(issue);
    faults[field] ??= fault;
  }
  return faults;
}

function planFaultOf(issue: z.core.$ZodIssue): readonly [PlanField, PlanFault] {
  const reason: unknown = issue.code === 'custom' ? issue.params?.['reason'] : undefined;
  switch (issue.path[0]) {
    case 'startsAt':
      return ['from', 'time'];
    case 'endsAt':
      return ['to', reason === 'not_after_start' ? 'notAfterStart' : reason === 'too_long' ? 'tooLong' : 'time'];
    case 'reason':
      return ['reason', textFaultOf(issue)];
    default:
      return ['checks', 'checks'];
  }
}

/** Why the note of an acknowledgement was refused; null where something else was. */
export function describeNoteFault({ issues }: z.ZodError<AcknowledgeIncidentInput>): TextFault | null {
  const issue = issues.find(({ path }) => path[0] === 'note');
  return issue ? textFaultOf(issue) : null;
}

function textFaultOf({ code }: z.core.$ZodIssue): TextFault {
  return code === 'too_small' ? 'textMissing' : code === 'too_big' ? 'textLong' : 'textRefused';
}
