import { useTranslation } from 'react-i18next';
import { BUDGET_PERIODS } from '#server/contracts/budgets.ts';
import { OPERATIONS, PLANS } from '#server/contracts/vocabulary.ts';
import { Field } from '../../components/field.tsx';
import { useVocabulary } from '../../lib/use-vocabulary.ts';
import type { FormValues } from './form-values.ts';
import { ChoiceField } from './choice-field.tsx';
import { useBudgetWords } from './use-budget-words.ts';

export interface ScopeFieldsProps {
  readonly values: FormValues;
  readonly errors: { readonly period: string | undefined; readonly scope: string | undefined; readonly model: string | undefined };
  /** Names to choose from; others may be typed. */
  readonly models: readonly string[];
}

/** What a new budget is for, and for which period: what never changes afterwards. */
export function ScopeFields({ values, errors, models }: ScopeFieldsProps) {
  const { t } = useTranslation();
  const words = useVocabulary();
  const { period } = useBudgetWords();
  return (
    <>
      <ChoiceField label={t('budgets.form.scope')} name="scope" value={values.scope} error={errors.scope}>
        <option value="all">{t('budgets.scopes.all')}</option>
        <option value="user">{t('budgets.scopes.user')}</option>
        <optgroup label={t('budgets.scopes.operation')}>
          {OPERATIONS.map((operation) => (
            <option key={operation} value={`operation:${operation}`}>
              {words.operation(operation)}
            </option>
          ))}
        </optgroup>
        <optgroup label={t('budgets.scopes.plan')}>
          {PLANS.map((plan) => (
            <option key={plan} value={`plan:${plan}`}>
              {words.plan(plan)}
            </option>
          ))}
        </optgroup>
        <option value="model">{t('budgets.form.oneModel')}</option>
      </ChoiceField>
      <Field
        label={t('budgets.form.model')}
        hint={t('budgets.form.modelHint')}
        error={errors.model}
        input={{ name: 'model', defaultValue: values.model, maxLength: 128, autoComplete: 'off', list: 'budget-models' }}
      />
      <datalist id="budget-models">
        {models.map((model) => (
          <option key={model} value={model} />
        ))}
      </datalist>
      <ChoiceField label={t('budgets.form.period')} name="period" value={values.period} hint={t('budgets.form.periodHint')} error={errors.period}>
        {BUDGET_PERIODS.map((each) => (
          <option key={each} value={each}>
            {period(each)}
          </option>
        ))}
      </ChoiceField>
    </>
  );
}
