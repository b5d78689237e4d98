import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorHandler, ErrorsReport, FailureType } from '#server/contracts/errors.ts';

/** Words for features and causes. */
export function useErrorWords() {
  const { t } = useTranslation();
  return useMemo(() => {
    const handler = (name: ErrorHandler) => t(`performance.handlers.${name}`);
    const errorType = (name: FailureType) => t(`failures.types.${name}`);
    return {
      handler,
      errorType,
      /** A feature, a cause, or both; null where neither is given. */
      kind({ handler: one, errorType: other }: ErrorsReport['chosen']): string | null {
        const words = [...(one ? [handler(one)] : []), ...(other ? [errorType(other)] : [])];
        return words.length === 0 ? null : words.join(' · ');
      },
    };
  }, [t]);
}
