import type { LoadSize } from '../settings.ts';

export const DAYS = 90;
const HOUR_MS = 3_600_000;
const HOUR_COUNT = DAYS * 24;
/** Of all users, those who were there before the first hour. */
const OLD_USER_SHARE = 0.3;
/** Rows of the ledger that one sitting of one user makes. */
const LEDGER_ROWS_PER_SITTING = 3;
/** Use by hour of the day (UTC): quiet at night, most in the evening. */
const BY_HOUR = [3, 2, 2, 3, 5, 8, 10, 11, 10, 9, 9, 9, 10, 9, 9, 10, 12, 14, 16, 17, 15, 11, 8, 5];
/** And by day of the week, Sunday first. */
const BY_WEEKDAY = [1.25, 0.95, 0.9, 0.92, 0.95, 1.05, 1.2];
/** What the use of the last hour is of the first one's. */
const GROWTH = 1.8;

/** One of the hours of the past, and what is to happen in it. */
export interface PlannedHour {
  readonly index: number;
  readonly startsAt: Date;
  readonly ledgerCount: number;
  readonly interactionCount: number;
  /** Users who were there when it began; those of the next hour beyond them come in its course. */
  readonly knownUserCount: number;
  /** Its events are shared out among so many sittings of a user each. */
  readonly sittingCount: number;
}

/** The ninety days that end at `endsAt`, hour by hour: daily and weekly rhythm, growing use, arriving users. */
export function planHours({ ledgerCount, interactionCount, userCount }: LoadSize, endsAt: Date): PlannedHour[] {
  const startsAtMs = endsAt.getTime() - HOUR_COUNT * HOUR_MS;
  const weights = Array.from({ length: HOUR_COUNT }, (_, index) => {
    const at = new Date(startsAtMs + index * HOUR_MS);
    return (BY_HOUR[at.getUTCHours()] ?? 0) * (BY_WEEKDAY[at.getUTCDay()] ?? 0) * (1 + ((GROWTH - 1) * index) / HOUR_COUNT);
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const oldUserCount = Math.round(userCount * OLD_USER_SHARE);
  let reached = 0;
  return weights.map((weight, index) => {
    const [before, after] = [reached / total, (reached += weight) / total];
    const share = (count: number) => Math.round(count * after) - Math.round(count * before);
    const hourLedgerCount = share(ledgerCount);
    return {
      index,
      startsAt: new Date(startsAtMs + index * HOUR_MS),
      ledgerCount: hourLedgerCount,
      interactionCount: share(interactionCount),
      knownUserCount: oldUserCount + Math.round((userCount - oldUserCount) * before),
      sittingCount: Math.max(1, Math.ceil(hourLedgerCount / LEDGER_ROWS_PER_SITTING)),
    };
  });
}
