import { z } from 'zod';
import { Count, SignedUsd, Usd } from './amounts.ts';
import { ReportHead } from './report-head.ts';
import { RangeInput } from './time-range.ts';
import { Operation, PLANS } from './vocabulary.ts';

/** How many of the dearest users are told unless more or fewer are asked for, and at most. */
export const TOP_USERS_DEFAULT = 10;
export const TOP_USERS_MAX = 50;

const TOP_REFUSED = `must be a whole number from 1 to ${TOP_USERS_MAX}`;

export const EconomicsInput = RangeInput.safeExtend({
  /** How many of the dearest users are told. */
  top: z.int().min(1, { error: TOP_REFUSED }).max(TOP_USERS_MAX, { error: TOP_REFUSED }).optional(),
});
export type EconomicsInput = z.infer<typeof EconomicsInput>;

/** What came in and what the models took. Payments count when paid, refunds when refunded, in dollars frozen on the day of the payment. */
const Account = z.object({
  /** Payments less refunds; negative where more was given back. */
  revenueUsd: SignedUsd,
  revenueStars: z.int(),
  paymentUsd: Usd,
  paymentStars: Count,
  paymentCount: Count,
  refundUsd: Usd,
  refundStars: Count,
  refundCount: Count,
  /** Of the attempts that started in that time; reserved and unknown ones are not in it. */
  costUsd: Usd,
  /** Revenue less cost. */
  marginUsd: SignedUsd,
});
export type Account = z.infer<typeof Account>;

const Attempts = z.object({ costUsd: Usd, attemptCount: Count });

/** Users of one source; a `source` of null is all that are not listed by name, an empty one are attempts that no user caused. */
const SourceAccount = Account.extend({ source: z.string().nullable(), signupCount: Count, attemptCount: Count });
export type SourceAccount = z.infer<typeof SourceAccount>;

const OperationCost = Attempts.extend({
  operation: Operation.or(z.literal('other')),
  /** Attempts whose cost is not known: reserved or unknown. */
  openCount: Count,
  /** Attempts whose text reached a user. */
  deliveredCount: Count,
  /** All cost, also of what was in vain, divided by what was delivered. */
  perDeliveredUsd: Usd.nullable(),
});
export type OperationCost = z.infer<typeof OperationCost>;

const TopUser = Attempts.extend({
  /** Our own `users.id`. */
  userId: Count,
  /** What the user has now; null: the user is deleted. */
  planNow: z.enum(PLANS).nullable(),
});
export type TopUser = z.infer<typeof TopUser>;

/** Revenue against cost: buckets, plans and sources each add up to the total; operations and users to its cost. Null is "not defined", never zero. */
export const EconomicsFigures = z.object({
  total: Account.extend({
    /** Margin divided by revenue; null without revenue. */
    marginRatio: z.number().nullable(),
    billedUsd: Usd,
    lookupUsd: Usd,
    estimatedUsd: Usd,
    attemptCount: Count,
    reservedCount: Count,
    unknownCount: Count,
  }),
  users: z.object({
    activeCount: Count,
    /** Users with a payment that is not refunded and whose period overlaps the range. */
    payingCount: Count,
    /** Those of them who were active in the range. */
    activePayingCount: Count,
    /** Cost that users caused, divided by active users. */
    costPerActiveUsd: Usd.nullable(),
    /** Cost that paying users caused, divided by those of them who were active. */
    costPerPayingUsd: Usd.nullable(),
    /** Revenue divided by active users (ARPU), and by paying users (ARPPU). */
    revenuePerActiveUsd: SignedUsd.nullable(),
    revenuePerPayingUsd: SignedUsd.nullable(),
    newCount: Count,
    /** New users of the range with a payment in the range that is not refunded. */
    convertedCount: Count,
    /** Converted divided by new users. */
    conversionRatio: z.number().min(0).max(1).nullable(),
    /** Users whose first payment ever that is not refunded lies in the range. */
    newPayingCount: Count,
  }),
  /** Every bucket of the range, empty ones included. */
  overTime: z.array(Account.extend({ startsAt: z.iso.datetime(), isUnfinished: z.boolean() })),
  /** Every plan, those without use included. */
  byPlan: z.array(Account.extend({ plan: z.enum([...PLANS, 'other']), attemptCount: Count, openCount: Count })),
  /** Every operation, those without use included. */
  byOperation: z.array(OperationCost),
  bySource: z.array(SourceAccount),
  /** The dearest users of exactly the range; among equals the one with the lower id. */
  topUsers: z.array(TopUser),
  /** All users who are not among them. */
  otherUsers: Attempts,
  /** Attempts that no user caused. */
  nobody: Attempts,
});
export type EconomicsFigures = z.infer<typeof EconomicsFigures>;

/** The economics of a range, and of the range that it is compared with. */
export const Economics = ReportHead.extend(EconomicsFigures.shape).extend({ compared: EconomicsFigures.nullable() });
export type Economics = z.infer<typeof Economics>;
