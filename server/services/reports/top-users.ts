import type { Executor } from '#db/client.ts';
import { findDearestUsers, type DearestUsers, type DearUser, type UserDaySpans } from '#db/queries/rollups/top-users.ts';
import type { Share } from '#db/queries/rollups/user-sets.ts';
import { compareUsd, multiplyUsd, shareUsd, ZERO_USD } from '#server/lib/money.ts';

const DAY_MS = 86_400_000;
/** Rows of the days' lists that are read at first: of all days together, and of one day at least and at most. */
const LISTED_ROWS = 7_000;
const DEPTH_MIN = 50;
const DEPTH_MAX = 500;
/**
 * Of what it takes to be among the dearest, so much is shared out over the days to say how far their lists are read when their heads
 * did not suffice. Less reads more rows; more leaves more users whose totals must be made (measured: flat from 0.7 to 0.95).
 */
const SHARED_OUT = '0.85';
/** That is much to read, and is split in two statements. */
const SHARES = [0, 1].map((index): Share => ({ index, count: 2 }));

export interface TopUsersInput {
  readonly from: Date;
  readonly to: Date;
  readonly limit: number;
  readonly now: Date;
  /** Rows of each day's list that are read at first; chosen by the length of the range unless given. */
  readonly depth?: number;
}

/**
 * The users who cost most in exactly a range, the dearest first and among equals the one with the lower id; nobody who cost
 * nothing. Where some stand out, the heads of the days' lists suffice. Else the heads tell what it takes to be among the dearest, and of
 * each day all are read who cost an equal share of that: whoever never did, cost less. Days whose raw rows are not kept any more
 * count where they lie in the range as a whole.
 */
export async function findTopUsers(executor: Executor, { from, to, limit, now, depth }: TopUsersInput): Promise<readonly DearUser[]> {
  const spans = splitUserDays(from, to);
  const dayCount = (Date.parse(spans.touched.to) - Date.parse(spans.touched.from)) / DAY_MS;
  const reach = { depth: depth ?? Math.min(DEPTH_MAX, Math.max(DEPTH_MIN, Math.round(LISTED_ROWS / dayCount))) };
  const found = await findDearestUsers(executor, { spans, limit, reach, now });
  if (isFinal(found, limit)) return found.users;
  const entranceUsd = found.users[limit - 1]?.costUsd ?? ZERO_USD;
  const costUsd = shareUsd(multiplyUsd(entranceUsd, SHARED_OUT), dayCount);
  const shares = await Promise.all(SHARES.map((share) => findDearestUsers(executor, { spans, limit, reach: { costUsd, entranceUsd, share }, now })));
  return shares.flatMap(({ users }) => users).toSorted(byRank).slice(0, limit);
}

const byRank = (a: DearUser, b: DearUser) => compareUsd(b.costUsd, a.costUsd) || a.userId - b.userId;

/** Whether nobody who was not looked at belongs among the users found. */
function isFinal({ users, boundUsd, boundUserId }: DearestUsers, limit: number): boolean {
  if (compareUsd(boundUsd, 0) === 0) return true;
  const last = users[limit - 1];
  if (last === undefined) return false;
  const order = compareUsd(last.costUsd, boundUsd);
  return order > 0 || (order === 0 && boundUserId !== null && last.userId <= boundUserId);
}

/** A range as UTC days that lie in it as a whole, and what lies in others. */
export function splitUserDays(from: Date, to: Date): UserDaySpans {
  const floor = (at: Date) => Math.floor(at.getTime() / DAY_MS) * DAY_MS;
  const ceil = (at: Date) => Math.ceil(at.getTime() / DAY_MS) * DAY_MS;
  const span = (fromMs: number, toMs: number) => ({ from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() });
  const touched = span(floor(from), ceil(to));
  const [first, last] = [ceil(from), floor(to)];
  if (first > last) return { touched, whole: span(first, first), cuts: [span(from.getTime(), to.getTime())] };
  const cuts = [span(from.getTime(), first), span(last, to.getTime())].filter((cut) => cut.from !== cut.to);
  return { touched, whole: span(first, last), cuts };
}
