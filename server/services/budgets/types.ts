import type { Budget, BudgetStep } from '#db/schema/index.ts';
import type { RefusingAction } from '#server/contracts/budgets.ts';
import type { Operation, Plan } from '#server/contracts/vocabulary.ts';

/** An attempt that wants to be made. */
export interface ReservationAsk {
  readonly operation: Operation;
  readonly model: string;
  readonly plan: Plan;
  readonly userId: number;
  readonly startedAt: Date;
  /** Upper limit of the prompt's tokens: a token is at least one byte. */
  readonly promptTokensMax: number;
  readonly completionTokensMax: number;
}

/** One budget's books for one period and, where it is for each user, one user. */
export interface Account {
  readonly budget: Budget;
  readonly periodDate: string;
  /** 0 for all but budgets for each user. */
  readonly userId: number;
  committedUsd: string;
  /** Steps that an admin lifted in this period, by `stepKey`. */
  readonly lifted: ReadonlySet<string>;
}

export interface ReachedStep {
  readonly account: Account;
  readonly step: BudgetStep;
  readonly isLifted: boolean;
}

export type Decision =
  | {
      readonly kind: 'granted';
      readonly model: string;
      readonly completionTokensMax: number;
      /** What it could have cost as asked. */
      readonly askedUsd: string | null;
      /** What it can cost as granted. */
      readonly boundUsd: string | null;
      readonly reached: readonly ReachedStep[];
    }
  | { readonly kind: 'refused'; readonly action: RefusingAction; readonly account: Account; readonly reached: readonly ReachedStep[] };

/** What a user is told: why there is no new reading, and from which day on there is. */
export interface BudgetRefusal {
  readonly action: RefusingAction;
  readonly budgetId: number;
  /** First day of the next period, `YYYY-MM-DD` of the reporting time zone. */
  readonly resumesOn: string;
}
