import { Form, useNavigation } from '@remix-run/react';
import { Alert, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { WINDOW_DAYS_MAX, WINDOW_REASON_LENGTH_MAX } from '#server/contracts/health-history.ts';
import { HEALTH_CHECKS } from '#server/contracts/vocabulary.ts';
import { Field } from '../../components/field.tsx';
import { proposePlan, type PlanField } from './form-values.ts';
import type { HealthAnswer } from './health-answer.ts';

export interface PlanFormProps {
  readonly plannedFrom: string;
  readonly timeZone: string;
  /** What was typed and why it was refused. */
  readonly refused: (HealthAnswer & { readonly kind: 'plan' }) | null;
}

/** A maintenance window as a plain form. */
export function PlanForm({ plannedFrom, timeZone, refused }: PlanFormProps) {
  const { t } = useTranslation();
  const isSubmitting = useNavigation().formMethod === 'POST';
  const values = refused?.values ?? proposePlan(plannedFrom, timeZone);
  const errorOf = (field: PlanField) => {
    const fault = refused?.faults[field];
    return fault && t(`healthPage.faults.${fault}`, { maximum: WINDOW_REASON_LENGTH_MAX, days: WINDOW_DAYS_MAX });
  };
  const time = (field: 'from' | 'to') => (
    <Field
      label={t(`healthPage.form.${field}`)}
      hint={t('healthPage.form.timeHint', { timeZone: values.timeZone })}
      error={errorOf(field)}
      input={{ type: 'datetime-local', name: field, defaultValue: values[field], required: true }}
    />
  );
  return (
    <details open={refused !== null} className="plan">
      <summary>{t('healthPage.form.open')}</summary>
      <Form method="post" preventScrollReset noValidate className="health-form">
        {refused && <Alert type="error" role="alert" title={refused.conflict ? t(`healthPage.conflicts.${refused.conflict}`) : t('healthPage.form.refused')} />}
        <input type="hidden" name="intent" value="plan" />
        <input type="hidden" name="timeZone" value={values.timeZone} />
        <div className="health-form-times">
          {time('from')}
          {time('to')}
        </div>
        <Checks chosen={values.checks} error={errorOf('checks')} />
        <Field
          label={t('healthPage.form.reason')}
          hint={t('healthPage.form.reasonHint')}
          error={errorOf('reason')}
          input={{ name: 'reason', defaultValue: values.reason, maxLength: WINDOW_REASON_LENGTH_MAX, required: true, autoComplete: 'off' }}
        />
        <Button type="primary" htmlType="submit" aria-disabled={isSubmitting}>
          {isSubmitting ? t('healthPage.form.saving') : t('healthPage.form.submit')}
        </Button>
      </Form>
    </details>
  );
}

function Checks({ chosen, error }: { chosen: readonly string[]; error: string | undefined }) {
  const { t } = useTranslation();
  return (
    <fieldset className="health-checks">
      <legend>{t('healthPage.form.checks')}</legend>
      {HEALTH_CHECKS.map((check) => (
        <label key={check}>
          <input type="checkbox" name="checks" value={check} defaultChecked={chosen.includes(check)} /> {t(`health.checks.${check}`)}
        </label>
      ))}
      <p className="field-hint">{t('healthPage.form.checksHint')}</p>
      {error && <p className="field-error">{error}</p>}
    </fieldset>
  );
}
