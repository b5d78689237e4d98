import { z } from 'zod';
import { Count, Usd } from './amounts.ts';
import { OPERATIONS, PLANS } from './vocabulary.ts';

/** What happens at a step, from the mildest to the hardest. */
export const BUDGET_ACTIONS = ['warn', 'cheaper_model', 'shorter_answer', 'cached_only', 'pause_free', 'stop'] as const;
export const BudgetAction = z.enum(BUDGET_ACTIONS);
export type BudgetAction = z.infer<typeof BudgetAction>;

/** Actions that refuse a call. */
export const REFUSING_ACTIONS = ['cached_only', 'pause_free', 'stop'] as const satisfies readonly BudgetAction[];
export type RefusingAction = (typeof REFUSING_ACTIONS)[number];

export const BUDGET_PERIODS = ['day', 'week', 'month'] as const;
export const BudgetPeriodKind = z.enum(BUDGET_PERIODS);
export type BudgetPeriodKind = z.infer<typeof BudgetPeriodKind>;

export const BUDGET_SCOPES = ['all', 'operation', 'model', 'plan', 'user'] as const;
export const BudgetScope = z.enum(BUDGET_SCOPES);
export type BudgetScope = z.infer<typeof BudgetScope>;

/** Active budgets; each one is asked at every call. */
export const ACTIVE_BUDGETS_MAX = 50;
export const BUDGET_NAME_LENGTH_MAX = 80;
export const BUDGET_STEPS_MAX = 10;
/** Users that the list shows of a budget for each user. */
export const BUDGET_USERS_SHOWN_MAX = 5;
export const BUDGET_EVENTS_LIMIT_MAX = 100;
export const BUDGET_EVENTS_LIMIT_DEFAULT = 20;

const BudgetId = z.int({ error: 'must be the id of a budget' }).positive();
const EventId = z.int({ error: 'must be the id of an event' }).positive();
const CalendarDate = z.iso.date();
const Instant = z.iso.datetime();
/** An account may for a moment hold more that was given back than was taken. */
const SignedUsd = z.string().regex(/^-?\d+\.\d{12}$/);

const BudgetName = z
  .string()
  .trim()
  .min(1, { error: 'is missing' })
  .max(BUDGET_NAME_LENGTH_MAX, { error: `must have at most ${BUDGET_NAME_LENGTH_MAX} characters` })
  .regex(/^\P{Cc}*$/u, { error: 'must be one line of text' });
/** Fits `numeric(20,12)`. */
const LimitUsd = z
  .string()
  .regex(/^\d{1,8}(\.\d{1,12})?$/, { error: 'must be a decimal of dollars with at most 8 digits before and 12 after the point' })
  .regex(/[1-9]/, { error: 'must be more than 0' });

export const BudgetStepInput = z.object({ percent: z.int({ error: 'must be a whole number from 1 to 100' }).min(1).max(100), action: BudgetAction });
export type BudgetStepInput = z.infer<typeof BudgetStepInput>;

const BudgetSteps = z
  .array(BudgetStepInput)
  .min(1, { error: 'must be at least one' })
  .max(BUDGET_STEPS_MAX, { error: `must be at most ${BUDGET_STEPS_MAX}` })
  .refine((steps) => new Set(steps.map(({ percent, action }) => `${percent} ${action}`)).size === steps.length, { error: 'must not hold the same step twice' });

const ModelName = z.string().max(128).regex(/^~?[\w.-]+\/[\w.:-]+$/);

/** Whether a value names something that a scope can be narrowed to. */
function isScopeValue(scope: BudgetScope, value: string | null): boolean {
  switch (scope) {
    case 'all':
    case 'user':
      return value === null;
    case 'operation':
      return OPERATIONS.some((operation) => operation === value);
    case 'plan':
      return PLANS.some((plan) => plan === value);
    case 'model':
      return ModelName.safeParse(value).success;
  }
}

const SCOPE_VALUES: Record<BudgetScope, string> = {
  all: 'must be left out',
  user: 'must be left out',
  operation: `must be one of ${OPERATIONS.join(', ')}`,
  plan: `must be one of ${PLANS.join(', ')}`,
  model: 'must look like vendor/model',
};

export const CreateBudgetInput = z
  .object({
    name: BudgetName,
    period: BudgetPeriodKind,
    scope: BudgetScope,
    /** The operation, model or plan; null for `all` and `user`. */
    scopeValue: z.string().nullable().default(null),
    limitUsd: LimitUsd,
    steps: BudgetSteps,
  })
  .superRefine(({ scope, scopeValue }, context) => {
    if (!isScopeValue(scope, scopeValue)) context.addIssue({ code: 'custom', path: ['scopeValue'], message: SCOPE_VALUES[scope] });
  });
export type CreateBudgetInput = z.infer<typeof CreateBudgetInput>;

/** Period and scope never change: another scope is another budget. */
export const UpdateBudgetInput = z.object({ budgetId: BudgetId, name: BudgetName, limitUsd: LimitUsd, steps: BudgetSteps });
export type UpdateBudgetInput = z.infer<typeof UpdateBudgetInput>;

export const BudgetIdInput = z.object({ budgetId: BudgetId });
export type BudgetIdInput = z.infer<typeof BudgetIdInput>;

export const LiftStepInput = z.object({ eventId: EventId });
export type LiftStepInput = z.infer<typeof LiftStepInput>;

const BudgetFacts = z.object({
  budgetId: BudgetId,
  name: z.string(),
  period: BudgetPeriodKind,
  scope: BudgetScope,
  scopeValue: z.string().nullable(),
  limitUsd: Usd,
});

/** `waiting`: below its threshold; `reached`: it has fired and is not in force now, such as after a higher limit. */
export const BUDGET_STEP_STATES = ['waiting', 'reached', 'in_force', 'lifted'] as const;

export const AccountStep = z.object({
  percent: Count,
  action: BudgetAction,
  thresholdUsd: Usd,
  state: z.enum(BUDGET_STEP_STATES),
  /** Null: it has not fired in this period. */
  event: z.object({ eventId: EventId, firedAt: Instant, liftedAt: Instant.nullable() }).nullable(),
});
export type AccountStep = z.infer<typeof AccountStep>;

/** What one budget, or one user under it, has used of the limit in the running period. */
export const BudgetAccount = z.object({
  userId: Count.nullable(),
  /** Spent and reserved together: what counts against the limit. */
  committedUsd: SignedUsd,
  /** Of attempts whose cost is known. */
  spentUsd: SignedUsd,
  /** The most that attempts without a known cost may cost. */
  reservedUsd: Usd,
  /** `committedUsd` of the limit, 0 to 1 and beyond. */
  ratio: z.number(),
  steps: z.array(AccountStep),
});
export type BudgetAccount = z.infer<typeof BudgetAccount>;

export const BudgetRow = BudgetFacts.extend({
  /** First day of the running period, and of the next, in the reporting time zone. */
  periodDate: CalendarDate,
  nextPeriodDate: CalendarDate,
  /** One; of a budget for each user those of the users who used the most, which may be none. */
  accounts: z.array(BudgetAccount),
  /** Users with use in this period; 0 where the budget is not for each user. */
  userCount: Count,
});
export type BudgetRow = z.infer<typeof BudgetRow>;

export const BudgetList = z.object({ timeZone: z.string(), generatedAt: Instant, budgets: z.array(BudgetRow) });
export type BudgetList = z.infer<typeof BudgetList>;

/** A budget as its form shows it. */
export const BudgetSettings = BudgetFacts.extend({ steps: z.array(BudgetStepInput), archivedAt: Instant.nullable() });
export type BudgetSettings = z.infer<typeof BudgetSettings>;

export const ListBudgetEventsInput = z.object({
  budgetId: BudgetId.optional(),
  /** The last event of the page before. */
  before: EventId.optional(),
  limit: z.int().min(1).max(BUDGET_EVENTS_LIMIT_MAX).optional(),
});
export type ListBudgetEventsInput = z.infer<typeof ListBudgetEventsInput>;

export const BudgetEventRow = BudgetFacts.extend({
  eventId: EventId,
  periodDate: CalendarDate,
  userId: Count.nullable(),
  percent: Count,
  action: BudgetAction,
  /** `limitUsd` and this as they were when it fired. */
  committedUsd: SignedUsd,
  firedAt: Instant,
  liftedAt: Instant.nullable(),
  /** E-mail of the admin; null where nobody lifted it. */
  liftedBy: z.string().nullable(),
  affectedCount: Count,
  savedUsd: SignedUsd,
  /** Its period runs and nobody has lifted it yet. */
  isLiftable: z.boolean(),
});
export type BudgetEventRow = z.infer<typeof BudgetEventRow>;

export const BudgetEventPage = z.object({ timeZone: z.string(), rows: z.array(BudgetEventRow), nextBefore: EventId.nullable() });
export type BudgetEventPage = z.infer<typeof BudgetEventPage>;

/** A budget with steps in force now, the hardest first. */
export const BudgetBanner = BudgetFacts.extend({
  nextPeriodDate: CalendarDate,
  /** Of the account, or of the user, that used the most. */
  committedUsd: SignedUsd,
  ratio: z.number(),
  /** `userCount`: for how many users; 0 where the budget is not for each user. */
  steps: z.array(z.object({ percent: Count, action: BudgetAction, userCount: Count })).min(1),
});
export type BudgetBanner = z.infer<typeof BudgetBanner>;
