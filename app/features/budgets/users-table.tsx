import { Link } from '@remix-run/react';
import { useTranslation } from 'react-i18next';
import type { BudgetAccount, BudgetRow } from '#server/contracts/budgets.ts';
import { DataTable, type Column } from '../../components/data-table.tsx';
import { Money } from '../../components/money.tsx';
import { useFormat } from '../../lib/use-format.ts';
import { AccountBar } from './account-bar.tsx';
import { StepState } from './step-state.tsx';
import { useBudgetWords } from './use-budget-words.ts';

export interface UsersTableProps {
  readonly budget: BudgetRow;
  readonly timeZone: string;
  readonly canChange: boolean;
}

/** The users of a budget for each user who used the most, with what each step is for them. */
export function UsersTable({ budget, timeZone, canChange }: UsersTableProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useBudgetWords();
  const steps = budget.accounts[0]?.steps ?? [];
  const columns: Column<BudgetAccount>[] = [
    { key: 'user', title: t('budgets.card.user'), render: ({ userId }) => <Link to={generationsOf(userId)}>{userId}</Link> },
    {
      key: 'used',
      title: t('budgets.card.usedOf'),
      render: (account) => (
        <span className="budget-user-bar">
          {format.percent(account.ratio)}
          <AccountBar budget={budget} account={account} />
        </span>
      ),
    },
    { key: 'spent', title: t('budgets.card.spent'), isNumeric: true, render: ({ spentUsd }) => <Money usd={spentUsd} /> },
    { key: 'reserved', title: t('budgets.card.reserved'), isNumeric: true, render: ({ reservedUsd }) => <Money usd={reservedUsd} /> },
    ...steps.map(({ percent, action }, index) => ({
      key: `${percent} ${action}`,
      title: words.step({ percent, action }),
      render: ({ userId, steps: own }: BudgetAccount) => {
        const step = own[index];
        return step && <StepState step={step} name={budget.name} userId={userId} timeZone={timeZone} canChange={canChange} />;
      },
    })),
  ];
  return <DataTable caption={t('budgets.card.users', { name: budget.name })} columns={columns} rows={budget.accounts} rowKey={({ userId }) => String(userId)} />;
}

function generationsOf(userId: number | null): string {
  return `/monitoring/generations?${new URLSearchParams({ range: '30d', user: String(userId) }).toString()}`;
}
