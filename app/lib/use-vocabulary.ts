import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { CostSource, Disposition, GenerationStatus, Plan } from '#server/contracts/vocabulary.ts';

/** Words for the closed sets of the ledger; what stands in a table and in no set is told as it stands there. */
export function useVocabulary() {
  const { t } = useTranslation();
  return useMemo(() => {
    const known: Record<'operation' | 'errorType', Readonly<Record<string, string>>> = {
      operation: t('overview.operations.names', { returnObjects: true }),
      errorType: t('vocabulary.errorTypes', { returnObjects: true }),
    };
    return {
      operation: (operation: string) => known.operation[operation] ?? operation,
      errorType: (errorType: string) => known.errorType[errorType] ?? errorType,
      status: (status: GenerationStatus) => t(`vocabulary.statuses.${status}`),
      disposition: (disposition: Disposition | 'none') => t(`vocabulary.dispositions.${disposition}`),
      costSource: (source: CostSource) => t(`vocabulary.costSources.${source}`),
      plan: (plan: Plan) => t(`vocabulary.plans.${plan}`),
    };
  }, [t]);
}
