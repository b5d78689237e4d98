import { useTranslation } from 'react-i18next';
import type { AccountStep, BudgetAccount, BudgetRow } from '#server/contracts/budgets.ts';
import { DataTable, type Column } from '../../components/data-table.tsx';
import { Money } from '../../components/money.tsx';
import { LiftForm } from './lift-form.tsx';
import { StepState } from './step-state.tsx';

export interface StepsTableProps {
  readonly budget: BudgetRow;
  readonly account: BudgetAccount;
  readonly timeZone: string;
  readonly canChange: boolean;
}

/** The steps of a budget: from when on, what happens, and whether it does now. */
export function StepsTable({ budget: { name }, account: { steps }, timeZone, canChange }: StepsTableProps) {
  const { t } = useTranslation();
  const columns: Column<AccountStep>[] = [
    { key: 'step', title: t('budgets.steps.step'), render: ({ percent }) => `${percent} %` },
    { key: 'threshold', title: t('budgets.steps.threshold'), isNumeric: true, render: ({ thresholdUsd }) => <Money usd={thresholdUsd} /> },
    { key: 'action', title: t('budgets.steps.action'), render: ({ action }) => t(`budgets.actions.${action}`) },
    { key: 'state', title: t('budgets.steps.state'), render: (step) => <StepState step={step} timeZone={timeZone} /> },
  ];
  const open = (step: AccountStep) => (step.event?.liftedAt === null ? step.event : null);
  if (canChange && steps.some(open)) {
    columns.push({
      key: 'lift',
      title: t('budgets.steps.lift'),
      render: (step) => {
        const event = open(step);
        return event && <LiftForm eventId={event.eventId} userId={null} name={name} percent={step.percent} action={step.action} />;
      },
    });
  }
  return <DataTable caption={t('budgets.card.steps', { name })} columns={columns} rows={steps} rowKey={({ percent, action }) => `${percent} ${action}`} />;
}
