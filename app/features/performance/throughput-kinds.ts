import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ComparedPerformance, PerformanceReport, Throughput } from '#server/contracts/performance.ts';
import { useFormat } from '../../lib/use-format.ts';
import { rateUnitOf, scaleRate, type RateUnit } from './rate-unit.ts';

const KINDS = [
  { key: 'generations', countKey: 'generationCount', rateKey: 'generationsPerMinute' },
  { key: 'updates', countKey: 'updateCount', rateKey: 'updatesPerMinute' },
  { key: 'requests', countKey: 'requestCount', rateKey: 'requestsPerMinute' },
] as const;

/** What is counted, with its rates in a unit of its own: there are a thousand times more of one kind than of another. */
export interface ThroughputKind {
  readonly key: (typeof KINDS)[number]['key'];
  readonly name: string;
  readonly rateName: string;
  readonly unit: RateUnit;
  /** Null of a time that is to come, or before anything was on record: then a count of 0 says nothing. */
  readonly countOf: (throughput: ComparedPerformance['throughput']) => number | null;
  readonly rateOf: (throughput: Throughput) => number | null;
  /** The rate as a number alone; null where it is not known. */
  readonly tellRate: (throughput: Throughput) => string | null;
}

/** The kinds of what was done, in the units in which the buckets of a report are told best. */
export function useThroughputKinds({ throughputOverTime }: PerformanceReport): readonly ThroughputKind[] {
  const { t } = useTranslation();
  const format = useFormat();
  return useMemo(
    () =>
      KINDS.map(({ key, countKey, rateKey }): ThroughputKind => {
        const unit = rateUnitOf(throughputOverTime.map((bucket) => bucket[rateKey]));
        const name = t(`performance.throughput.${key}`);
        const rateOf = ({ [rateKey]: rate }: Throughput) => (rate === null ? null : scaleRate(rate, unit));
        return {
          key,
          name,
          rateName: t(`performance.throughput.ratesOf.${unit}`, { what: name }),
          unit,
          countOf: ({ [countKey]: count, [rateKey]: rate }) => (rate === null && count === 0 ? null : count),
          rateOf,
          tellRate(throughput) {
            const rate = rateOf(throughput);
            return rate === null ? null : format.rate(rate);
          },
        };
      }),
    [throughputOverTime, format, t],
  );
}
