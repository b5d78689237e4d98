import { useTranslation } from 'react-i18next';
import type { Overview } from '#server/contracts/overview.ts';
import type { Column } from '../../components/data-table.tsx';
import { Money } from '../../components/money.tsx';
import { Unknown } from '../../components/unknown.tsx';
import type { BucketCut } from '../../lib/bucket-cut.ts';
import { useFormat } from '../../lib/use-format.ts';

type Cost = Overview['costOverTime'][number];
/** A bucket, what cuts it, and the one it is compared with: null where there is none. */
export type Bucket = Cost & { readonly cut: BucketCut | null; readonly before: Cost | null };

/** The columns of the table beside the chart of the cost over time, with what it is compared with if it is. */
export function useTableColumns({ range, compared }: Overview): Column<Bucket>[] {
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
    ...(compared ? [{ key: 'before', title: t('overview.chart.before'), isNumeric: true, render: ({ before }: Bucket) => (before ? <Money usd={before.costUsd} /> : <Unknown />) }] : []),
    {
      key: 'requests',
      title: t('overview.chart.requests'),
      isNumeric: true,
      render: ({ generationCount }) => format.count(generationCount),
    },
  ];
}
