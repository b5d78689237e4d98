import { Form, Link, useNavigation } from '@remix-run/react';
import { Alert, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { BUDGET_NAME_LENGTH_MAX } from '#server/contracts/budgets.ts';
import { Field } from '../../components/field.tsx';
import type { FormField, FormResult, FormValues } from './form-values.ts';
import { ScopeFields } from './scope-fields.tsx';
import { StepRows } from './step-rows.tsx';

export interface BudgetFormProps {
  /** What stands in it at first. */
  readonly initial: FormValues;
  /** Null: period and scope stay as they are. */
  readonly models: readonly string[] | null;
  readonly result: FormResult | undefined;
}

/** A budget as a plain form. */
export function BudgetForm({ initial, models, result }: BudgetFormProps) {
  const { t } = useTranslation();
  const isSubmitting = useNavigation().formMethod === 'POST';
  const values = result?.values ?? initial;
  const faults = result?.faults ?? {};
  const errorOf = (field: FormField) => {
    const fault = faults[field];
    return fault && t(`budgets.faults.${fault}`, { maximum: BUDGET_NAME_LENGTH_MAX });
  };
  const refusal = result?.conflict ? t(`budgets.conflicts.${result.conflict}`) : result && t('budgets.form.refused');
  return (
    <Form method="post" noValidate className="budget-form">
      {refusal && <Alert type="error" role="alert" title={refusal} />}
      <input type="hidden" name="intent" value="save" />
      <Field label={t('budgets.form.name')} error={errorOf('name')} input={{ name: 'name', defaultValue: values.name, required: true, autoComplete: 'off' }} />
      <Field
        label={t('budgets.form.limit')}
        hint={t(values.scope === 'user' && !models ? 'budgets.form.limitEachHint' : 'budgets.form.limitHint')}
        error={errorOf('limitUsd')}
        input={{ name: 'limitUsd', defaultValue: values.limitUsd, required: true, inputMode: 'decimal', autoComplete: 'off' }}
      />
      {models && <ScopeFields values={values} models={models} errors={{ period: errorOf('period'), scope: errorOf('scope'), model: errorOf('model') }} />}
      <StepRows steps={values.steps} error={errorOf('steps')} />
      <div className="form-actions">
        <Button type="primary" htmlType="submit" size="large" aria-disabled={isSubmitting}>
          {isSubmitting ? t('budgets.form.saving') : t(models ? 'budgets.form.create' : 'budgets.form.save')}
        </Button>
        <Link to="/monitoring/budgets">{t('budgets.form.cancel')}</Link>
      </div>
    </Form>
  );
}
