import { useTranslation } from 'react-i18next';
import type { AccountStep, BudgetAccount, BudgetRow } from '#server/contracts/budgets.ts';
import { DataTable, type Column } from '../../components/data-table.tsx';
import { Money } from '../../components/money.tsx';
import { StepState } from './step-state.tsx';

export interface StepsTableProps {
  readonly budget: BudgetRow;
  readonly account: BudgetAccount;
  readonly timeZone: string;
  readonly canChange: boolean;
}

/** The steps of a budget: what happens, whether it does now, and from when on. */
export function StepsTable(props: StepsTableProps) {
  const { budget, account } = props;
  const { t } = useTranslation();
  const columns: Column<AccountStep>[] = [
    { key: 'step', title: t('budgets.steps.step'), render: ({ percent }) => `${percent} %` },
    { key: 'action', title: t('budgets.steps.action'), render: ({ action }) => t(`budgets.actions.${action}`) },
    { key: 'state', title: t('budgets.steps.state'), render: (step) => <StepState {...props} name={budget.name} userId={account.userId} step={step} /> },
    { key: 'threshold', title: t('budgets.steps.threshold'), isNumeric: true, render: ({ thresholdUsd }) => <Money usd={thresholdUsd} /> },
  ];
  return <DataTable caption={t('budgets.card.steps', { name: budget.name })} columns={columns} rows={account.steps} rowKey={({ percent, action }) => `${percent} ${action}`} />;
}
