import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { BudgetPeriodKind, BudgetScope, BudgetStepInput } from '#server/contracts/budgets.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useVocabulary } from '../../lib/use-vocabulary.ts';

/** What a budget is for, and when, in words. */
export function useBudgetWords() {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useVocabulary();
  return useMemo(() => {
    const valueOf = (scope: BudgetScope, value: string): string => {
      if (scope === 'operation') return words.operation(value);
      return scope === 'plan' && (value === 'free' || value === 'premium') ? words.plan(value) : value;
    };
    /** A calendar day, as it stands in the reporting time zone. */
    const day = (date: string) => format.day(`${date}T00:00:00Z`, 'UTC');
    return {
      day,
      scope: ({ scope, scopeValue }: { readonly scope: BudgetScope; readonly scopeValue: string | null }) =>
        scopeValue === null ? t(`budgets.scopes.${scope}`) : `${t(`budgets.scopes.${scope}`)}: ${valueOf(scope, scopeValue)}`,
      step: ({ percent, action }: BudgetStepInput) => `${percent} %: ${t(`budgets.actions.${action}`)}`,
      period: (period: BudgetPeriodKind) => t(`budgets.periods.${period}`),
      /** The days of a period, its first and its last. */
      span: (from: string, next: string) => {
        const last = new Date(Date.parse(`${next}T00:00:00Z`) - 1).toISOString().slice(0, 10);
        return last === from ? day(from) : t('range.span', { from: day(from), to: day(last) });
      },
    };
  }, [t, format, words]);
}
