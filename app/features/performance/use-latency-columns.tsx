import { useTranslation } from 'react-i18next';
import type { Latency } from '#server/contracts/performance.ts';
import type { Column } from '../../components/data-table.tsx';
import { Unknown } from '../../components/unknown.tsx';
import { useFormat } from '../../lib/use-format.ts';

/** How many were timed, and how long they took. */
export function useLatencyColumns<Row extends Latency>(): Column<Row>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const duration = (key: 'p50' | 'p95' | 'p99'): Column<Row> => ({
    key,
    title: key,
    isNumeric: true,
    render: (row) => {
      const ms = row[`${key}Ms`];
      return ms === null ? <Unknown /> : format.duration(ms);
    },
  });
  return [
    { key: 'count', title: t('performance.columns.count'), isNumeric: true, render: ({ count }) => format.count(count) },
    duration('p50'),
    duration('p95'),
    duration('p99'),
  ];
}
