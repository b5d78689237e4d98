import { useTranslation } from 'react-i18next';
import type { PerformanceReport } from '#server/contracts/performance.ts';
import { useFormat } from '../../lib/use-format.ts';

/** How often each process writes what it answered. */
const WRITTEN_SECONDS = 5;

/** How web requests ended, since when they are on record, and how fresh that is. */
export function useRequestNotes({ range, requestsByStatus, requestsFrom }: PerformanceReport): string[] {
  const { t } = useTranslation();
  const format = useFormat();
  const statuses = requestsByStatus.filter(({ count }) => count > 0).map(({ status, count }) => `${format.count(count)} ${t(`performance.statuses.${status}`)}`);
  return [
    ...(statuses.length === 0 ? [] : [statuses.join(' · ')]),
    requestsFrom === null ? t('performance.throughput.never') : t('performance.throughput.since', { from: format.instant(requestsFrom, range.timeZone) }),
    t('performance.throughput.fresh', { seconds: WRITTEN_SECONDS }),
  ];
}
