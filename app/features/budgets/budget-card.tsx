import { Link } from '@remix-run/react';
import { Card } from 'antd';
import { useTranslation } from 'react-i18next';
import type { BudgetAccount } from '#server/contracts/budgets.ts';
import { Money } from '../../components/money.tsx';
import { useFormat } from '../../lib/use-format.ts';
import { AccountBar } from './account-bar.tsx';
import { StepsTable, type StepsTableProps } from './steps-table.tsx';
import { useBudgetWords } from './use-budget-words.ts';
import { UsersTable } from './users-table.tsx';

export type BudgetCardProps = Omit<StepsTableProps, 'account'>;

/** One budget: what it is for, what its running period has used, its steps, and for a budget for each user who used the most. */
export function BudgetCard(props: BudgetCardProps) {
  const { budget, canChange } = props;
  const { t } = useTranslation();
  const words = useBudgetWords();
  const path = `/monitoring/budgets/${budget.budgetId}`;
  return (
    <Card size="small" className="budget-card" id={`budget-${budget.budgetId}`}>
      <div className="budget-head">
        <h3>
          <Link to={path}>{budget.name}</Link>
        </h3>
        <span className="budget-scope">
          {words.scope(budget)}, {words.period(budget.period)} · {words.span(budget.periodDate, budget.nextPeriodDate)}
        </span>
        {canChange && (
          <Link to={path} className="head-link" aria-label={t('budgets.editOf', { name: budget.name })}>
            {t('budgets.edit')}
          </Link>
        )}
      </div>
      {budget.scope === 'user' ? <Users {...props} /> : budget.accounts.map((account) => <Account key={budget.budgetId} {...props} account={account} />)}
    </Card>
  );
}

function Users(props: BudgetCardProps) {
  const { accounts, userCount, limitUsd } = props.budget;
  const { t } = useTranslation();
  const format = useFormat();
  const count = userCount === 0 ? t('budgets.card.noUsers') : t('budgets.card.userCount', { count: userCount, formatted: format.count(userCount) });
  return (
    <>
      <p className="budget-parts">
        {t('budgets.card.limitEach', { limit: format.usd(limitUsd) })} {count}
      </p>
      {accounts.length > 0 && <UsersTable {...props} />}
    </>
  );
}

function Account(props: StepsTableProps) {
  const { budget, account } = props;
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <>
      <p className="budget-used">
        <strong>{format.percent(account.ratio)}</strong>
        <span>{t('budgets.card.used', { used: format.usd(account.committedUsd), limit: format.usd(budget.limitUsd) })}</span>
        <span className="budget-parts">
          <Parts account={account} />
        </span>
      </p>
      <AccountBar budget={budget} account={account} hasNames />
      <StepsTable {...props} />
    </>
  );
}

function Parts({ account: { spentUsd, reservedUsd } }: { account: BudgetAccount }) {
  const { t } = useTranslation();
  const [before = '', between = '', after = ''] = t('budgets.card.parts', { spent: '\n', reserved: '\n' }).split('\n');
  return (
    <>
      {before}
      <Money usd={spentUsd} />
      {between}
      <Money usd={reservedUsd} />
      {after}
    </>
  );
}
