import { useTranslation } from 'react-i18next';
import type { Runs } from '#server/contracts/jobs.ts';
import type { Column } from '../../components/data-table.tsx';
import { Unknown } from '../../components/unknown.tsx';
import { useFormat } from '../../lib/use-format.ts';

const COUNTS = { runs: 'runCount', failed: 'failedCount', retried: 'retriedCount', open: 'openCount' } as const;
type CountColumn = keyof typeof COUNTS;

/** How often something ran in the range, how often that failed, and how long it took. */
export function useRunColumns<Row extends { readonly inRange: Runs }>(counts: readonly CountColumn[]): Column<Row>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const duration = (key: 'p50' | 'p95'): Column<Row> => ({
    key,
    title: key,
    isNumeric: true,
    render: ({ inRange }) => {
      const ms = inRange[`${key}Ms`];
      return ms === null ? <Unknown /> : format.duration(ms);
    },
  });
  return [
    ...counts.map((key): Column<Row> => ({ key, title: t(`jobs.columns.${key}`), isNumeric: true, render: ({ inRange }) => format.count(inRange[COUNTS[key]]) })),
    duration('p50'),
    duration('p95'),
  ];
}
