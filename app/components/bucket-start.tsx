import { useTranslation } from 'react-i18next';
import type { BucketCut } from '../lib/bucket-cut.ts';
import { useFormat } from '../lib/use-format.ts';

export interface BucketStartProps {
  readonly startsAt: string;
  readonly timeZone: string;
  /** Why the bucket is not whole; null where it is. */
  readonly cut: BucketCut | null;
}

/** When a bucket began, and why it is not whole. */
export function BucketStart({ startsAt, timeZone, cut }: BucketStartProps) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <>
      <time dateTime={startsAt} suppressHydrationWarning>
        {format.instant(startsAt, timeZone)}
      </time>
      {cut && ` (${t(`overview.chart.cuts.${cut}`)})`}
    </>
  );
}
