import type { Executor } from '#db/client.ts';
import { findDearestUsers, type DearestUsers, type DearUser, type UserDaySpans } from '#db/queries/rollups/top-users.ts';
import { compareUsd } from '#server/lib/money.ts';

const DAY_MS = 86_400_000;
/** Rows of the days' lists that are read at first: of all days together, and of one day at least and at most. */
const LISTED_ROWS = 7_000;
const DEPTH_MIN = 50;
const DEPTH_MAX = 500;
/** By so much the lists are read further down when they did not suffice. */
const DEEPER = 4;

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
 * nothing. The lists of the days are read further down until nobody outside of them can be among the dearest, at last
 * to their ends. Days whose raw rows are not kept any more count where they lie in the range as a whole.
 */
export async function findTopUsers(executor: Executor, { from, to, limit, now, depth }: TopUsersInput): Promise<readonly DearUser[]> {
  const spans = splitUserDays(from, to);
  const dayCount = (Date.parse(spans.touched.to) - Date.parse(spans.touched.from)) / DAY_MS;
  let reach = depth ?? Math.min(DEPTH_MAX, Math.max(DEPTH_MIN, Math.round(LISTED_ROWS / dayCount)));
  for (;;) {
    const found = await findDearestUsers(executor, { spans, limit, depth: reach, now });
    if (isFinal(found, limit)) return found.users;
    reach *= DEEPER;
  }
}

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
