import { addUsd, sumUsd } from '#server/lib/money.ts';
import type { JournalEntry } from './journal-entry.ts';

const DAY_MS = 86_400_000;

/** What was used in total and in the running UTC day, week (from Monday) and month; decimal strings of US dollars. */
export interface UsagePeriods {
  readonly total: string;
  readonly daily: string;
  readonly weekly: string;
  readonly monthly: string;
}

/** Sums billed entries per UTC day; money of one's own provider key apart from money charged to the account. */
export class UsageByDay {
  readonly #charged = new Map<string, string>();
  readonly #byok = new Map<string, string>();
  readonly #freeRequestCounts = new Map<string, number>();

  add(entry: JournalEntry): void {
    // The fee on a request with a key of one's own is nothing within the monthly allowance.
    const days = entry.isByok ? this.#byok : this.#charged;
    const day = entry.at.slice(0, 10);
    if (entry.model.endsWith(':free')) this.#freeRequestCounts.set(day, (this.#freeRequestCounts.get(day) ?? 0) + 1);
    days.set(day, addUsd(days.get(day) ?? '0', entry.costUsd));
  }

  /** How many requests the running UTC day had for models that cost nothing. */
  freeRequestsToday(now: Date): number {
    return this.#freeRequestCounts.get(now.toISOString().slice(0, 10)) ?? 0;
  }

  /** Charged to the account. */
  charged(now: Date): UsagePeriods {
    return sumPeriods(this.#charged, now);
  }

  /** Charged by the providers themselves. */
  byok(now: Date): UsagePeriods {
    return sumPeriods(this.#byok, now);
  }
}

function sumPeriods(days: ReadonlyMap<string, string>, now: Date): UsagePeriods {
  const today = now.toISOString().slice(0, 10);
  const daysSinceMonday = (now.getUTCDay() + 6) % 7;
  const monday = new Date(now.getTime() - daysSinceMonday * DAY_MS).toISOString().slice(0, 10);
  const firstOfMonth = `${today.slice(0, 7)}-01`;
  const since = (first: string) => sumUsd([...days].filter(([day]) => day >= first && day <= today).map(([, usd]) => usd));
  return { total: sumUsd(days.values()), daily: since(today), weekly: since(monday), monthly: since(firstOfMonth) };
}
