import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { PerformanceReport } from '#server/contracts/performance.ts';
import { useVocabulary } from '../../lib/use-vocabulary.ts';

/** Words for what is timed; what stands in a table and in no set is told as it stands there. */
export function usePerformanceWords() {
  const { t } = useTranslation();
  const words = useVocabulary();
  return useMemo(() => {
    const handlers: Readonly<Record<string, string>> = t('performance.handlers', { returnObjects: true });
    const webHandlers: Readonly<Record<string, string>> = t('performance.webHandlers', { returnObjects: true });
    const handler = (name: string) => handlers[name] ?? name;
    const webHandler = (name: string) => webHandlers[name] ?? name;
    return {
      operation: words.operation,
      handler,
      webHandler,
      /** The part of a family that is shown over time; null: all of it. */
      part({ family, operation, model, handler: name }: PerformanceReport['chosen']): string | null {
        const parts = [operation && words.operation(operation), model, name && (family === 'http' ? webHandler(name) : handler(name))];
        const named = parts.filter((part) => part !== null && part !== '');
        return named.length === 0 ? null : named.join(' · ');
      },
    };
  }, [t, words]);
}
