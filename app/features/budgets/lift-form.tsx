import { Form } from '@remix-run/react';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { BudgetAction } from '#server/contracts/budgets.ts';

export interface LiftFormProps {
  readonly eventId: number;
  /** Of a budget for each user. */
  readonly userId: number | null;
  readonly name: string;
  readonly percent: number;
  readonly action: BudgetAction;
}

/** Lifts a step for the rest of its period. */
export function LiftForm({ eventId, userId, name, percent, action }: LiftFormProps) {
  const { t } = useTranslation();
  const step = { percent, action: t(`budgets.actions.${action}`), name };
  return (
    <Form method="post" action="/monitoring/budgets?index" preventScrollReset>
      <input type="hidden" name="eventId" value={eventId} />
      <Button htmlType="submit" size="small" aria-label={userId === null ? t('budgets.steps.liftOf', step) : t('budgets.steps.liftOfUser', { ...step, id: userId })}>
        {t('budgets.steps.lift')}
      </Button>
    </Form>
  );
}
