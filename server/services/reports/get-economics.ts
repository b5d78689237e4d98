import { countNewPayers, sumAccounts, sumSources, sumUnitCosts, type UnitCostRow } from '#db/queries/rollups/economics.ts';
import { countPeople, sumPayerCosts } from '#db/queries/rollups/payers.ts';
import type { DearUser } from '#db/queries/rollups/top-users.ts';
import { TOP_USERS_DEFAULT, type Account, type Economics, type EconomicsFigures, type EconomicsInput } from '#server/contracts/economics.ts';
import { invariant } from '#server/errors.ts';
import { averageUsd, compareUsd, divideExact, subtractUsd, sumUsd, toLedgerUsd } from '#server/lib/money.ts';
import { accountsByPlan, accountsBySource, accountsOverTime, costsByOperation, toAccount } from './accounts.ts';
import { readReport, type ReportDeps, type ReportScope } from './report-kit.ts';
import { findTopUsers } from './top-users.ts';

/** Sources that are listed by name. */
const SOURCES_MAX = 20;

/** Revenue against cost of a range, all of it read from one snapshot. The input is validated by `EconomicsInput`. */
export function getEconomics(deps: ReportDeps, { top = TOP_USERS_DEFAULT, ...input }: EconomicsInput): Promise<Economics> {
  return readReport(deps, input, (scope) => readEconomics(scope, top));
}

async function readEconomics(scope: ReportScope, top: number): Promise<EconomicsFigures> {
  const { executor, range, now, coverWhole, coverBuckets } = scope;
  const span = { from: range.from.toISOString(), to: range.to.toISOString() };
  const covers = { ledger: coverWhole('ledger'), interactions: coverWhole('interactions') };
  // What takes longest is asked for first, so that two connections are through at about the same time.
  const [topUsers, payerCostUsd, costs, people, newPayers, sources, accounts] = await Promise.all([
    findTopUsers(executor, { from: range.from, to: range.to, limit: top, now }),
    sumPayerCosts(executor, span, covers.ledger),
    sumUnitCosts(executor, covers.ledger),
    countPeople(executor, span, covers.interactions),
    countNewPayers(executor, span, covers.ledger),
    sumSources(executor, covers.ledger, SOURCES_MAX),
    sumAccounts(executor, coverBuckets('ledger')),
  ]);
  const whole = accounts.find(({ bucket, plan }) => bucket === null && plan === null);
  const cost = costs.find(({ operation, plan }) => operation === null && plan === null);
  invariant(whole && cost, 'grouping sets with () always give a total');
  const total = toAccount([whole]);
  const { activeCount, payingCount, activePayingCount } = people;
  return {
    total: { ...total, marginRatio: marginRatio(total), ...pickCost(cost) },
    users: {
      activeCount,
      payingCount,
      activePayingCount,
      costPerActiveUsd: averageUsd(cost.attributedUsd, activeCount),
      costPerPayingUsd: averageUsd(payerCostUsd, activePayingCount),
      revenuePerActiveUsd: averageUsd(total.revenueUsd, activeCount),
      revenuePerPayingUsd: averageUsd(total.revenueUsd, payingCount),
      newCount: whole.signupCount,
      convertedCount: newPayers.convertedCount,
      conversionRatio: whole.signupCount === 0 ? null : newPayers.convertedCount / whole.signupCount,
      newPayingCount: newPayers.newPayingCount,
    },
    overTime: accountsOverTime(accounts, range),
    byPlan: accountsByPlan(accounts, costs),
    byOperation: costsByOperation(costs),
    bySource: accountsBySource(sources),
    ...splitUsers(topUsers, cost),
  };
}

function marginRatio({ marginUsd, revenueUsd }: Account): number | null {
  if (compareUsd(revenueUsd, 0) <= 0) return null;
  return Number(divideExact(marginUsd, revenueUsd));
}

function pickCost({ billedUsd, lookupUsd, estimatedUsd, attemptCount, reservedCount, unknownCount }: UnitCostRow) {
  return { billedUsd, lookupUsd, estimatedUsd, attemptCount, reservedCount, unknownCount };
}

/** The dearest users, all others and nobody: together they are the cost. */
function splitUsers(topUsers: readonly DearUser[], cost: UnitCostRow): Pick<EconomicsFigures, 'topUsers' | 'otherUsers' | 'nobody'> {
  const topCount = topUsers.reduce((sum, { attemptCount }) => sum + attemptCount, 0);
  return {
    topUsers: [...topUsers],
    otherUsers: {
      costUsd: toLedgerUsd(subtractUsd(cost.attributedUsd, sumUsd(topUsers.map(({ costUsd }) => costUsd)))),
      attemptCount: cost.attributedCount - topCount,
    },
    nobody: { costUsd: toLedgerUsd(subtractUsd(cost.costUsd, cost.attributedUsd)), attemptCount: cost.attemptCount - cost.attributedCount },
  };
}
