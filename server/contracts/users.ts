import { z } from 'zod';
import { Count } from './amounts.ts';
import { ReportHead } from './report-head.ts';
import { RangeInput } from './time-range.ts';

export const UsersInput = RangeInput;
export type UsersInput = z.infer<typeof UsersInput>;

/** Hours of the rolling windows in which a user counts as active: a day, a week, a month. */
export const ACTIVE_WINDOW_HOURS = { dau: 24, wau: 7 * 24, mau: 30 * 24 } as const;

/** Days after the first on which a cohort is looked at: exactly on that day, not at any time since. */
export const RETENTION_DAYS = [1, 7, 30] as const;
/** Cohorts are days up to so many whole days of a range, and weeks of more. */
export const DAY_COHORTS_MAX = 31;
/** Acquisition sources that are listed by name. */
export const SOURCES_MAX = 20;

const Ratio = z.number().min(0).max(1);

/** Users of one kind in some time. */
const UserCounts = z.object({
  /** Did something themselves. */
  activeCount: Count,
  /** Were first seen. */
  newCount: Count,
  /** Active, and first seen before. */
  returningCount: Count,
});

const Windows = z.object({
  dau: Count,
  wau: Count,
  mau: Count,
  /** DAU divided by MAU, and WAU divided by MAU: stickiness. */
  dauOfMau: Ratio.nullable(),
  wauOfMau: Ratio.nullable(),
});

/** Of the users first seen on some days: how many of them there are, and how many were active so many days later. */
const Retention = z.object({
  days: z.literal([...RETENTION_DAYS]),
  /** Those of them for whom that day is over. */
  newCount: Count,
  activeCount: Count,
  /** Null while that day is not over for anybody, and for cohorts without users. */
  ratio: Ratio.nullable(),
});
export type Retention = z.infer<typeof Retention>;

/** Who used the bot. A count of nobody is 0; a ratio of nobody is null. */
export const UsersFigures = z.object({
  /** Rolling windows that end now, whatever the range, as on the overview; of the compared range, at its end. */
  windows: Windows,
  total: UserCounts.extend({
    interactionCount: Count,
    /** Interactions divided by active users. */
    interactionsPerActive: z.number().nonnegative().nullable(),
  }),
  /** Every bucket of the range; a user counts once in each. Sign-ups add up to the total, active users do not. */
  overTime: z.array(UserCounts.extend({ startsAt: z.iso.datetime(), isUnfinished: z.boolean() })),
  /** Sign-ups by where they came from, the most first; they add up to the new users. A `source` of null is all others. */
  bySource: z.array(z.object({ source: z.string().nullable(), signupCount: Count })),
  /** Over all cohorts: each user by the day on which they were first seen. */
  retention: z.array(Retention),
  /** The whole local days of the range that are over, or their weeks, each with the users who were first seen in it. */
  cohorts: z.array(z.object({ firstDate: z.iso.date(), lastDate: z.iso.date(), newCount: Count, retention: z.array(Retention) })),
});
export type UsersFigures = z.infer<typeof UsersFigures>;

/** The figures of a compared range; a window that begins before the records is null. */
const ComparedUsers = UsersFigures.extend({ windows: Windows.extend({ dau: Count.nullable(), wau: Count.nullable(), mau: Count.nullable() }) });
export type ComparedUsers = z.infer<typeof ComparedUsers>;

export const Users = ReportHead.extend(UsersFigures.shape).extend({ compared: ComparedUsers.nullable() });
export type Users = z.infer<typeof Users>;
