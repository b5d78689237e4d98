import { useLocation } from '@remix-run/react';
import { useTranslation } from 'react-i18next';
import { COMPARISONS, type ResolvedRange } from '#server/contracts/time-range.ts';
import { bucketQuery, comparisonQuery, offeredBuckets } from '../lib/range-links.ts';
import { RangeMenu } from './range-menu.tsx';

/** The steps of time in which a page shows its range. */
export function RangeSteps({ range }: { range: ResolvedRange }) {
  const { t } = useTranslation();
  const { pathname, search } = useLocation();
  const isGiven = new URLSearchParams(search).has('bucket');
  const choices = [
    { words: t('range.automatic'), to: `${pathname}${bucketQuery(search, null)}`, isCurrent: !isGiven },
    ...offeredBuckets(range).map((bucket) => ({
      words: t(`range.buckets.${bucket}`),
      to: `${pathname}${bucketQuery(search, bucket)}`,
      isCurrent: isGiven && bucket === range.bucket,
    })),
  ];
  return <RangeMenu label={t('range.steps')} present={t(`range.buckets.${range.bucket}`)} choices={choices} />;
}

/** What a page holds its range against. */
export function RangeComparison() {
  const { t } = useTranslation();
  const { pathname, search } = useLocation();
  const present = new URLSearchParams(search).get('compare');
  const nameOf = (compare: (typeof COMPARISONS)[number] | null) => t(`range.comparisons.${compare ?? 'none'}`);
  const choices = [null, ...COMPARISONS].map((compare) => ({
    words: nameOf(compare),
    to: `${pathname}${comparisonQuery(search, compare)}`,
    isCurrent: compare === present,
  }));
  return <RangeMenu label={t('range.comparison')} present={nameOf(COMPARISONS.find((one) => one === present) ?? null)} choices={choices} />;
}
