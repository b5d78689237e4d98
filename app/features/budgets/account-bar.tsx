import type { BudgetAccount, BudgetRow } from '#server/contracts/budgets.ts';
import { BudgetBar } from '../../charts/budget-bar.tsx';
import { computeShareRatio } from '../../lib/format/money.ts';

/** What an account has used of the limit, as a bar. */
export function AccountBar({ budget: { limitUsd }, account, hasNames = false }: { budget: BudgetRow; account: BudgetAccount; hasNames?: boolean }) {
  const part = (usd: string) => computeShareRatio(usd, limitUsd) ?? 0;
  const marks = account.steps.map(({ percent }) => percent);
  return <BudgetBar spentRatio={part(account.spentUsd)} reservedRatio={part(account.reservedUsd)} marks={marks} hasNames={hasNames} />;
}
