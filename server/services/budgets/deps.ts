import type { Database } from '#db/client.ts';
import type { Clock } from '#server/lib/clock.ts';

/** What the verbs that manage budgets need. */
export interface BudgetDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly reportingTimeZone: string;
}

/** The `adminId` of what the program does on its own. */
export const SYSTEM_ADMIN_ID = 0;
