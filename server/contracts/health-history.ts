import { z } from 'zod';
import { Count } from './amounts.ts';
import { Instant, RangeInput, RangePreset } from './time-range.ts';
import { HealthCheckName, HealthCode } from './vocabulary.ts';

/** How finely samples are kept: minutes for a day, hours for 90 days, days for ever. Buckets begin on full UTC minutes, hours and days. */
export const HEALTH_RESOLUTIONS = ['minute', 'hour', 'day'] as const;
export type HealthResolution = (typeof HEALTH_RESOLUTIONS)[number];

/** Bars of one check, at most. */
export const HEALTH_BARS_MAX = 100;

/** Incidents and windows of one page. */
export const INCIDENTS_LIMIT_MAX = 100;
export const INCIDENTS_LIMIT_DEFAULT = 20;
export const INCIDENT_NOTE_LENGTH_MAX = 500;
export const WINDOW_DAYS_MAX = 30;
export const WINDOW_REASON_LENGTH_MAX = 200;
/** Windows that run or are to come; each is held against every incident. */
export const OPEN_WINDOWS_MAX = 100;

/** Why a window that is well-formed is refused, as `params.reason` of the issue: pages translate it. */
export const WINDOW_REFUSALS = ['not_after_start', 'too_long', 'check_twice'] as const;
export type WindowRefusal = (typeof WINDOW_REFUSALS)[number];

const DAY_MS = 86_400_000;
const ToldInstant = z.iso.datetime();
/** In which people are told instants; buckets and bars know nothing of it. */
const ReportingTimeZone = z.string();
const Ratio = z.number().min(0).max(1);
const Ms = z.number().nonnegative();
const IncidentId = z.int({ error: 'must be the id of an incident' }).positive();
const WindowId = z.int({ error: 'must be the id of a maintenance window' }).positive();
const Cursor = z.base64url({ error: 'is not one that this list gave out' }).max(200);
const Limit = z.int().min(1).max(INCIDENTS_LIMIT_MAX);

/** Words of a person; Postgres takes no NUL. */
const textOf = (lengthMax: number) =>
  z
    .string()
    .trim()
    .min(1, { error: 'is missing' })
    .max(lengthMax, { error: `must have at most ${lengthMax} characters` })
    .regex(/^[\P{Cc}\n]*$/u, { error: 'must be plain text' });

export const HealthHistoryInput = RangeInput;
export type HealthHistoryInput = z.infer<typeof HealthHistoryInput>;

/** Time by what was found in it. Several processes that sample the same check add up. */
export const HealthTotals = z.object({
  /** Healthy time of the sampled time; null when nothing was sampled. */
  uptimeRatio: Ratio.nullable(),
  /** `healthyMs` and `unhealthyMs` together: time in which the check was disabled is in neither. */
  sampledMs: Count,
  healthyMs: Count,
  unhealthyMs: Count,
  disabledMs: Count,
  /** Time that surely nobody sampled, neither up nor down: exact with one process. The last minutes, whose samples may be on their way, are never in it. */
  gapMs: Count,
  /** Samples that measured something, and how long they took; null without any. */
  sampleCount: Count,
  latencyAverageMs: Ms.nullable(),
  latencyMaxMs: Ms.nullable(),
});
export type HealthTotals = z.infer<typeof HealthTotals>;

/** One bar; the first and the last may be shorter than the others. */
export const HealthBar = HealthTotals.extend({ startsAt: ToldInstant, endsAt: ToldInstant, isUnfinished: z.boolean() });
export type HealthBar = z.infer<typeof HealthBar>;

/** One check over a range: its figures are the sums of its bars. */
export const CheckHistory = HealthTotals.extend({ check: HealthCheckName, bars: z.array(HealthBar) });
export type CheckHistory = z.infer<typeof CheckHistory>;

export const HealthHistory = z.object({
  /** As asked for. */
  range: z.object({ preset: RangePreset.nullable(), from: ToldInstant, to: ToldInstant }),
  /** What the figures are of: the range, widened to full buckets of the resolution (UTC), and up to now at most. */
  covered: z.object({ from: ToldInstant, to: ToldInstant }),
  /** The finest that is kept for all of the range. */
  resolution: z.enum(HEALTH_RESOLUTIONS),
  /** Length of a bar: a multiple of the resolution. */
  barMs: Count,
  generatedAt: ToldInstant,
  timeZone: ReportingTimeZone,
  /** Every check, also one that was never sampled, in the order of `HEALTH_CHECKS`. */
  checks: z.array(CheckHistory),
});
export type HealthHistory = z.infer<typeof HealthHistory>;

/** Incidents that lasted into the range: they began before its end and were not over before its start. */
export const ListIncidentsInput = RangeInput.safeExtend({
  check: HealthCheckName.optional(),
  /** True: those that last; false: those that are over. */
  isOpen: z.boolean().optional(),
  /** Where the page before ended; opaque. */
  cursor: Cursor.optional(),
  limit: Limit.optional(),
});
export type ListIncidentsInput = z.infer<typeof ListIncidentsInput>;

/** An outage of a check, from its first failure to its recovery. */
export const IncidentRow = z.object({
  incidentId: IncidentId,
  /** `other`: one that this version does not know any more. The same holds for `code`. */
  check: HealthCheckName.or(z.literal('other')),
  /** The first failed sample. */
  startedAt: ToldInstant,
  /** When it was taken for an outage. */
  openedAt: ToldInstant,
  /** The first healthy sample of those that ended it; null while it lasts. */
  recoveredAt: ToldInstant.nullable(),
  /** To its recovery, or up to now. */
  durationMs: Count,
  code: HealthCode.or(z.literal('other')),
  detail: z.string().nullable(),
  acknowledgedAt: ToldInstant.nullable(),
  /** E-mail of the admin; null where nobody has, or where that account is gone. */
  acknowledgedBy: z.string().nullable(),
  note: z.string().nullable(),
  /** It began inside this maintenance window: nobody was woken for it. */
  maintenanceWindowId: WindowId.nullable(),
});
export type IncidentRow = z.infer<typeof IncidentRow>;

export const IncidentPage = z.object({
  range: z.object({ preset: RangePreset.nullable(), from: ToldInstant, to: ToldInstant }),
  generatedAt: ToldInstant,
  timeZone: ReportingTimeZone,
  /** The newest first, by `startedAt`. */
  rows: z.array(IncidentRow),
  nextCursor: z.string().nullable(),
});
export type IncidentPage = z.infer<typeof IncidentPage>;

export const AcknowledgeIncidentInput = z.object({ incidentId: IncidentId, note: textOf(INCIDENT_NOTE_LENGTH_MAX) });
export type AcknowledgeIncidentInput = z.infer<typeof AcknowledgeIncidentInput>;

/** `planned`: not begun yet. */
export const WINDOW_STATES = ['planned', 'running', 'over'] as const;
export type WindowState = (typeof WINDOW_STATES)[number];

/** Time in which outages are expected: they are recorded, and alert nobody. */
export const WindowRow = z.object({
  windowId: WindowId,
  startsAt: ToldInstant,
  endsAt: ToldInstant,
  state: z.enum(WINDOW_STATES),
  /** Empty: all checks. */
  checks: z.array(HealthCheckName.or(z.literal('other'))),
  reason: z.string(),
  /** E-mail of the admin; null where that account is gone. */
  createdBy: z.string().nullable(),
  createdAt: ToldInstant,
  /** Incidents that began in it. */
  incidentCount: Count,
});
export type WindowRow = z.infer<typeof WindowRow>;

export const ListWindowsInput = z.object({
  /** The last window of the page before; windows are told in the reverse order in which they were made. */
  before: WindowId.optional(),
  limit: Limit.optional(),
});
export type ListWindowsInput = z.infer<typeof ListWindowsInput>;

export const WindowPage = z.object({ generatedAt: ToldInstant, timeZone: ReportingTimeZone, rows: z.array(WindowRow), nextBefore: WindowId.nullable() });
export type WindowPage = z.infer<typeof WindowPage>;

/** Refused in words: an end that is not after the start, more than 30 days, a check twice; by the service: an end that is past. */
export const CreateWindowInput = z
  .object({ startsAt: Instant, endsAt: Instant, checks: z.array(HealthCheckName), reason: textOf(WINDOW_REASON_LENGTH_MAX) })
  .superRefine(({ startsAt, endsAt, checks }, context) => {
    const refuse = (path: 'endsAt' | 'checks', reason: WindowRefusal, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message, params: { reason } });
    const lengthMs = Date.parse(endsAt) - Date.parse(startsAt);
    if (lengthMs <= 0) refuse('endsAt', 'not_after_start', 'must be later than startsAt');
    if (lengthMs > WINDOW_DAYS_MAX * DAY_MS) refuse('endsAt', 'too_long', `must be at most ${WINDOW_DAYS_MAX} days after startsAt`);
    if (new Set(checks).size !== checks.length) refuse('checks', 'check_twice', 'must not hold the same check twice');
  });
export type CreateWindowInput = z.infer<typeof CreateWindowInput>;

export const WindowIdInput = z.object({ windowId: WindowId });
export type WindowIdInput = z.infer<typeof WindowIdInput>;
