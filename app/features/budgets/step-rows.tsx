import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { BUDGET_ACTIONS, BUDGET_STEPS_MAX } from '#server/contracts/budgets.ts';
import type { FormValues } from './form-values.ts';

/** Rows that stand open; the others are behind a line, so that all of them are there without JavaScript. */
const OPEN_ROWS = 4;

/** The steps as rows of a percentage and an action. */
export function StepRows({ steps, error }: { steps: FormValues['steps']; error: string | undefined }) {
  const { t } = useTranslation();
  const id = useId();
  const rows = Array.from({ length: BUDGET_STEPS_MAX }, (_, index) => steps[index] ?? { percent: '', action: 'warn' });
  const openCount = Math.max(OPEN_ROWS, steps.length);
  const describedBy = error ? `${id}-hint ${id}-error` : `${id}-hint`;
  const render = ({ percent, action }: (typeof rows)[number], index: number) => (
    <div key={index} className="budget-step">
      <span className="percent-box">
        <input
          name="percent"
          defaultValue={percent}
          inputMode="numeric"
          maxLength={3}
          autoComplete="off"
          className="control"
          aria-label={t('budgets.form.percent', { number: index + 1 })}
          aria-invalid={error ? true : undefined}
          aria-describedby={describedBy}
        />
        <span aria-hidden="true">%</span>
      </span>
      <select name="action" defaultValue={action} className="control" aria-label={t('budgets.form.action', { number: index + 1 })}>
        {BUDGET_ACTIONS.map((each) => (
          <option key={each} value={each}>
            {t(`budgets.actions.${each}`)}
          </option>
        ))}
      </select>
    </div>
  );
  return (
    <fieldset className="budget-steps">
      <legend>{t('budgets.form.steps')}</legend>
      <p id={`${id}-hint`} className="field-hint">
        {t('budgets.form.stepsHint')}
      </p>
      {error && (
        <p id={`${id}-error`} className="field-error">
          {error}
        </p>
      )}
      {rows.slice(0, openCount).map(render)}
      {openCount < BUDGET_STEPS_MAX && (
        <details>
          <summary>{t('budgets.form.more')}</summary>
          {rows.slice(openCount).map((row, index) => render(row, openCount + index))}
        </details>
      )}
    </fieldset>
  );
}
