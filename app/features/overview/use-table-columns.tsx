import { useTranslation } from 'react-i18next';
import type { Overview } from '#server/contracts/overview.ts';
import type { Column } from '../../components/data-table.tsx';
import { Money } from '../../components/money.tsx';
import type { BucketCut } from '../../lib/bucket-cut.ts';
import { useFormat } from '../../lib/use-format.ts';

type Bucket = Overview['costOverTime'][number] & { readonly cut: BucketCut | null };

/** The columns of the table beside the chart of the cost over time. */
export function useTableColumns(range: Overview['range']): Column<Bucket>[] {
  const { t } = useTranslation();
  const format = useFormat();
  return [
    {
      key: 'start',
      title: t('overview.chart.start'),
      render: ({ startsAt, cut }) => (
        <>
          <time dateTime={startsAt} suppressHydrationWarning>
            {format.instant(startsAt, range.timeZone)}
          </time>
          {cut && ` (${t(`overview.chart.cuts.${cut}`)})`}
        </>
      ),
    },
    { key: 'cost', title: t('overview.chart.cost'), isNumeric: true, render: ({ costUsd }) => <Money usd={costUsd} /> },
    {
      key: 'requests',
      title: t('overview.chart.requests'),
      isNumeric: true,
      render: ({ generationCount }) => format.count(generationCount),
    },
  ];
}
