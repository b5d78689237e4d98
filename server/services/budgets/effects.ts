import { sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.ts';
import { budgetEvents } from '#db/schema/index.ts';
import { addUsd, divideExact, multiplyUsd, subtractUsd, toLedgerUsd } from '#server/lib/money.ts';
import type { OpenAccount } from './accounts.ts';
import { stepKey } from './step-key.ts';
import type { Decision, ReachedStep, ReservationAsk } from './types.ts';

/** What a kind of call cost lately; null where none was made. */
export type TypicalCostOf = (operation: string, model: string) => string | null;

interface Effect {
  readonly account: ReachedStep['account'];
  readonly step: ReachedStep['step'];
  count: number;
  savedUsd: string;
}

/** Gathers what a batch of decisions did: which steps were reached, and which of them changed or refused how many calls. */
export class Effects {
  readonly #reached = new Map<string, ReachedStep>();
  readonly #effects = new Map<string, Effect>();

  /**
   * Notes a decision. What it saved is what such a call cost lately, times the part of its bound that it was cut by;
   * several steps that do the same save it once.
   */
  note(ask: ReservationAsk, decision: Decision, typicalCostOf: TypicalCostOf): void {
    for (const reached of decision.reached) this.#reached.set(keyOf(reached), reached);
    const typicalUsd = typicalCostOf(ask.operation, ask.model);
    const first = (action: string) => decision.reached.find(({ step, isLifted }) => step.action === action && !isLifted);
    if (decision.kind === 'refused') {
      const refusing = first(decision.action);
      if (refusing) this.#add(refusing, typicalUsd ?? '0');
      return;
    }
    const { askedUsd, boundUsd, model, completionTokensMax } = decision;
    const isCheaper = model !== ask.model;
    const isShorter = completionTokensMax < ask.completionTokensMax;
    if (!isCheaper && !isShorter) return;
    const isComparable = askedUsd !== null && boundUsd !== null && typicalUsd !== null;
    const savedUsd = isComparable ? multiplyUsd(typicalUsd, divideExact(subtractUsd(askedUsd, boundUsd), askedUsd) ?? '0') : '0';
    const changing = first(isCheaper ? 'cheaper_model' : 'shorter_answer');
    if (changing) this.#add(changing, savedUsd);
  }

  #add(reached: ReachedStep, savedUsd: string): void {
    const key = keyOf(reached);
    const effect = this.#effects.get(key) ?? { account: reached.account, step: reached.step, count: 0, savedUsd: '0' };
    effect.count += 1;
    effect.savedUsd = addUsd(effect.savedUsd, savedUsd);
    this.#effects.set(key, effect);
  }

  /** Writes the events: a step fires once per budget, period and user, whatever number of calls reach it. */
  async write(tx: Transaction, accounts: readonly OpenAccount[], firedAt: Date): Promise<void> {
    const known = new Map(accounts.map((account) => [account as ReachedStep['account'], account.events]));
    const isNew = ({ account, step }: ReachedStep) => !known.get(account)?.has(stepKey(step.percent, step.action));
    const fired = [...this.#reached.values()].filter(isNew).map(({ account, step }) => ({
      budgetId: account.budget.id,
      periodDate: account.periodDate,
      userId: account.userId,
      percent: step.percent,
      action: step.action,
      limitUsd: account.budget.limitUsd,
      committedUsd: toLedgerUsd(account.committedUsd),
      firedAt,
    }));
    if (fired.length > 0) await tx.insert(budgetEvents).values(fired).onConflictDoNothing();
    if (this.#effects.size === 0) return;
    const rows = JSON.stringify([...this.#effects.values()].map(({ account, step, count, savedUsd }) => ({
      budget_id: account.budget.id, period_date: account.periodDate, user_id: account.userId,
      percent: step.percent, action: step.action, affected: count, saved: toLedgerUsd(savedUsd),
    })));
    await tx.execute(sql`
      update budget_events e set affected_count = e.affected_count + row.affected, saved_usd = e.saved_usd + row.saved
      from jsonb_to_recordset(${rows}::jsonb) as row(
        budget_id bigint, period_date date, user_id bigint, percent int, action text, affected int, saved numeric(20, 12))
      where (e.budget_id, e.period_date, e.user_id, e.percent, e.action) = (row.budget_id, row.period_date, row.user_id, row.percent, row.action)`);
  }
}

function keyOf({ account, step }: ReachedStep): string {
  return `${account.budget.id} ${account.periodDate} ${account.userId} ${stepKey(step.percent, step.action)}`;
}
