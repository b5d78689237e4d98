import type { AccountRow, AccountSums, SourceRow, UnitCostRow } from '#db/queries/rollups/economics.ts';
import type { Account, EconomicsFigures, OperationCost, SourceAccount } from '#server/contracts/economics.ts';
import { OPERATIONS, Operation, PLANS } from '#server/contracts/vocabulary.ts';
import { averageUsd, subtractUsd, sumUsd, toLedgerUsd } from '#server/lib/money.ts';
import { isUnfinished } from './is-unfinished.ts';
import type { Range } from './resolve-range.ts';

type PlanAccount = EconomicsFigures['byPlan'][number];

/** Revenue and margin of some sums together; of none they are nothing. */
export function toAccount(rows: readonly AccountSums[]): Account {
  const usd = (pick: (row: AccountSums) => string) => toLedgerUsd(sumUsd(rows.map(pick)));
  const count = (pick: (row: AccountSums) => number) => countOf(rows, pick);
  const [paymentUsd, refundUsd, costUsd] = [usd((row) => row.paymentUsd), usd((row) => row.refundUsd), usd((row) => row.costUsd)];
  const [paymentStars, refundStars] = [count((row) => row.paymentStars), count((row) => row.refundStars)];
  const revenueUsd = toLedgerUsd(subtractUsd(paymentUsd, refundUsd));
  return {
    revenueUsd,
    revenueStars: paymentStars - refundStars,
    paymentUsd,
    paymentStars,
    paymentCount: count((row) => row.paymentCount),
    refundUsd,
    refundStars,
    refundCount: count((row) => row.refundCount),
    costUsd,
    marginUsd: toLedgerUsd(subtractUsd(revenueUsd, costUsd)),
  };
}

/** Every bucket of a range, empty ones included. */
export function accountsOverTime(rows: readonly AccountRow[], range: Range): EconomicsFigures['overTime'] {
  const byBucket = Map.groupBy(rows.filter(({ bucket }) => bucket !== null), ({ bucket }) => bucket);
  return range.starts.map((start, index) => ({
    startsAt: start.toISOString(),
    isUnfinished: isUnfinished(range.starts[index + 1], range),
    ...toAccount(byBucket.get(index) ?? []),
  }));
}

/** Every plan, those without use included, then `other` if there is any. */
export function accountsByPlan(rows: readonly AccountRow[], costs: readonly UnitCostRow[]): PlanAccount[] {
  const isKnown = (plan: string) => PLANS.some((known) => known === plan);
  const [accounts, attempts] = [rows.flatMap((row) => named(row.plan, row)), costs.flatMap((row) => named(row.plan, row))];
  const entry = (plan: PlanAccount['plan'], isOf: (name: string) => boolean): PlanAccount => {
    const of = attempts.filter(({ name }) => isOf(name));
    return {
      plan,
      ...toAccount(accounts.filter(({ name }) => isOf(name))),
      attemptCount: countOf(of, (row) => row.attemptCount),
      openCount: countOf(of, (row) => row.reservedCount + row.unknownCount),
    };
  };
  const known = PLANS.map((plan) => entry(plan, (name) => name === plan));
  const hasOthers = [...accounts, ...attempts].some(({ name }) => !isKnown(name));
  return hasOthers ? [...known, entry('other', (name) => !isKnown(name))] : known;
}

/** Every operation, those without use included, then `other` if there is any. */
export function costsByOperation(costs: readonly UnitCostRow[]): OperationCost[] {
  const parts = costs.flatMap((row) => named(row.operation, row));
  const others = parts.filter(({ name }) => !Operation.safeParse(name).success);
  const known = OPERATIONS.map((operation) => toOperation(operation, parts.filter(({ name }) => name === operation)));
  return others.length === 0 ? known : [...known, toOperation('other', others)];
}

function toOperation(operation: OperationCost['operation'], rows: readonly UnitCostRow[]): OperationCost {
  const costUsd = toLedgerUsd(sumUsd(rows.map((row) => row.costUsd)));
  const deliveredCount = countOf(rows, (row) => row.deliveredCount);
  return {
    operation,
    costUsd,
    attemptCount: countOf(rows, (row) => row.attemptCount),
    openCount: countOf(rows, (row) => row.reservedCount + row.unknownCount),
    deliveredCount,
    perDeliveredUsd: averageUsd(costUsd, deliveredCount),
  };
}

/** Sources in the order in which they were ranked. */
export function accountsBySource(rows: readonly SourceRow[]): SourceAccount[] {
  return rows.map((row) => ({ source: row.source, signupCount: row.signupCount, attemptCount: row.attemptCount, ...toAccount([row]) }));
}

function named<Row>(name: string | null, row: Row): (Row & { readonly name: string })[] {
  return name === null ? [] : [{ ...row, name }];
}

function countOf<Row>(rows: readonly Row[], pick: (row: Row) => number): number {
  return rows.reduce((sum, row) => sum + pick(row), 0);
}
