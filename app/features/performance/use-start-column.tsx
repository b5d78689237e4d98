import { useTranslation } from 'react-i18next';
import type { PerformanceReport } from '#server/contracts/performance.ts';
import type { Column } from '../../components/data-table.tsx';
import { useFormat } from '../../lib/use-format.ts';

/** When a bucket began, and whether its time is still running. */
export function useStartColumn<Row extends { readonly startsAt: string; readonly isUnfinished: boolean }>({ timeZone }: PerformanceReport['range']): Column<Row> {
  const { t } = useTranslation();
  const format = useFormat();
  return {
    key: 'start',
    title: t('performance.overTime.start'),
    render: ({ startsAt, isUnfinished }) => (
      <>
        <time dateTime={startsAt} suppressHydrationWarning>
          {format.instant(startsAt, timeZone)}
        </time>
        {isUnfinished && ` (${t('performance.overTime.running')})`}
      </>
    ),
  };
}
