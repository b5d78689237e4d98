import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Executor } from '#db/client.ts';
import type { Budget, BudgetStep } from '#db/schema/index.ts';
import { type AccountStep, REFUSING_ACTIONS, type RefusingAction } from '#server/contracts/budgets.ts';
import { compareUsd, multiplyUsd, subtractUsd } from '#server/lib/money.ts';
import type { RunningAccount, RunningEvent } from './running-accounts.ts';

/** The latest attempts that say what a call may cost. */
const SAMPLE_SIZE = 200;

const Row = z.object({ operation: z.string(), model: z.string(), plan: z.string(), bound_usd: z.string() });

/** The most that a call under a budget was reserved for lately; null where none was. */
export type RecentBoundOf = (budget: Pick<Budget, 'scope' | 'scopeValue'>) => string | null;

/** What recent calls could cost at most, by the latest attempts. One bounded query. */
export async function readRecentBounds(executor: Executor): Promise<RecentBoundOf> {
  const rows = await executor.execute(sql`
    select operation, model, plan, max(reserved_usd)::text as bound_usd
    from (select operation, model, plan, reserved_usd from ai_usage where reserved_usd is not null order by started_at desc limit ${SAMPLE_SIZE}) latest
    group by 1, 2, 3`);
  const bounds = z.array(Row).parse([...rows]);
  return ({ scope, scopeValue }) => {
    const inScope = bounds.filter((bound) => scope === 'all' || scope === 'user' || bound[scope] === scopeValue);
    return inScope.reduce<string | null>((most, { bound_usd: usd }) => (most === null || compareUsd(usd, most) > 0 ? usd : most), null);
  };
}

/** The amount from which on a step is reached. */
export function thresholdOf(limitUsd: string, percent: number): string {
  return multiplyUsd(limitUsd, `${percent}e-2`);
}

export function isRefusing(action: BudgetStep['action']): action is RefusingAction {
  return REFUSING_ACTIONS.some((refusing) => refusing === action);
}

/**
 * Whether a step has an effect now. A mild one has from its threshold on. A refusing one that has fired has as long as
 * there is no more room below its threshold than when it refused, or than recent calls need: a higher limit, or costs
 * below what was reserved, end it.
 */
export function stepStateOf(limitUsd: string, account: RunningAccount, step: BudgetStep, recentBoundUsd: string | null): AccountStep['state'] {
  const event = findEvent(account, step);
  if (event?.liftedAt) return 'lifted';
  const roomUsd = subtractUsd(thresholdOf(limitUsd, step.percent), account.committedUsd);
  if (compareUsd(roomUsd, '0') <= 0) return 'in_force';
  if (!event) return 'waiting';
  if (!isRefusing(step.action)) return 'reached';
  const refusedAtUsd = subtractUsd(thresholdOf(event.limitUsd, step.percent), event.committedUsd);
  const isTooLittle = compareUsd(roomUsd, refusedAtUsd) <= 0 || (recentBoundUsd !== null && compareUsd(roomUsd, recentBoundUsd) < 0);
  return isTooLittle ? 'in_force' : 'reached';
}

/** The event of a step that has fired in the running period. */
export function findEvent({ events }: RunningAccount, { percent, action }: BudgetStep): RunningEvent | null {
  return events.find((event) => event.percent === percent && event.action === action) ?? null;
}
