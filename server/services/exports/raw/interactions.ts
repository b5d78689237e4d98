import { countInteractions, pageInteractions } from '#db/queries/exports.ts';
import { RangeInput } from '#server/contracts/time-range.ts';
import { resolveRange } from '../../reports/resolve-range.ts';
import { readQuery } from '../read-query.ts';
import type { Column } from '../types.ts';
import { rawRows, type RawExporter } from './raw-export.ts';

type InteractionRow = Awaited<ReturnType<typeof pageInteractions>>[number];

const SPAN_MS = 24 * 3_600_000;

const COLUMNS: readonly Column<InteractionRow>[] = [
  { header: 'at (UTC)', cell: (row) => row.at },
  { header: 'interaction_id', cell: (row) => row.id },
  { header: 'update_id', cell: (row) => row.updateId },
  { header: 'user_id', cell: (row) => row.userId },
  { header: 'handler', cell: (row) => row.handler },
  { header: 'operation', cell: (row) => row.operation },
  { header: 'outcome', cell: (row) => row.outcome },
  { header: 'error_type', cell: (row) => row.errorType },
  { header: 'reading_source', cell: (row) => row.readingSource },
  { header: 'duration_ms', cell: (row) => row.durationMs },
  { header: 'update_age_ms', cell: (row) => row.updateAgeMs },
];

/** The updates that were handled in a range. */
export const exportInteractions: RawExporter = (deps, query) => {
  const { from, to, timeZone } = resolveRange(readQuery(RangeInput, query), { now: deps.clock.now(), timeZone: deps.reportingTimeZone });
  return rawRows(deps, {
    span: { from, to, timeZone },
    spanMs: SPAN_MS,
    columns: COLUMNS,
    page: pageInteractions,
    placeOf: ({ at, id }) => ({ at, key: String(id) }),
    count: countInteractions,
  });
};
