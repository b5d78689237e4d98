import { countLedger, pageLedger } from '#db/queries/exports.ts';
import { ListGenerationsInput } from '#server/contracts/generations.ts';
import { toSelection } from '../../reports/list-generations.ts';
import { resolveRange } from '../../reports/resolve-range.ts';
import { readQuery } from '../read-query.ts';
import type { Column } from '../types.ts';
import { rawRows, type RawExporter } from './raw-export.ts';

type LedgerRow = Awaited<ReturnType<typeof pageLedger>>[number];

const SPAN_MS = 24 * 3_600_000;

/** Users stand there by our own ids only, and nothing of what they asked or told. */
const COLUMNS: readonly Column<LedgerRow>[] = [
  { header: 'started_at (UTC)', cell: (row) => row.startedAt },
  { header: 'request_id', cell: (row) => row.requestId },
  { header: 'ask_id', cell: (row) => row.askId },
  { header: 'user_id', cell: (row) => row.userId },
  { header: 'operation', cell: (row) => row.operation },
  { header: 'plan', cell: (row) => row.plan },
  { header: 'model', cell: (row) => row.model },
  { header: 'response_model', cell: (row) => row.responseModel },
  { header: 'provider', cell: (row) => row.provider },
  { header: 'attempt', cell: (row) => row.attempt },
  { header: 'status', cell: (row) => row.status },
  { header: 'disposition', cell: (row) => row.disposition },
  { header: 'error_type', cell: (row) => row.errorType },
  { header: 'prompt_tokens', cell: (row) => row.promptTokens },
  { header: 'completion_tokens', cell: (row) => row.completionTokens },
  { header: 'cached_prompt_tokens', cell: (row) => row.cachedPromptTokens },
  { header: 'reasoning_tokens', cell: (row) => row.reasoningTokens },
  { header: 'cost_usd', cell: (row) => row.costUsd },
  { header: 'cost_source', cell: (row) => row.costSource },
  { header: 'is_byok', cell: (row) => row.isByok },
  { header: 'generation_id', cell: (row) => row.generationId },
  { header: 'finish_reason', cell: (row) => row.finishReason },
  { header: 'duration_ms', cell: (row) => row.durationMs },
  { header: 'time_to_first_token_ms', cell: (row) => row.timeToFirstTokenMs },
  { header: 'update_id', cell: (row) => row.updateId },
  { header: 'imported_from', cell: (row) => row.importedFrom },
];

/** The attempts of a range that fit the filters of the page: all of them, whatever page of the list the query names. */
export const exportLedger: RawExporter = (deps, query) => {
  const input = readQuery(ListGenerationsInput, query);
  const { from, to, timeZone } = resolveRange(input, { now: deps.clock.now(), timeZone: deps.reportingTimeZone });
  const selection = toSelection(input);
  return rawRows(deps, {
    span: { from, to, timeZone },
    spanMs: SPAN_MS,
    columns: COLUMNS,
    page: (executor, page) => pageLedger(executor, page, selection),
    placeOf: ({ startedAt, requestId }) => ({ at: startedAt, key: requestId }),
    count: (executor, range) => countLedger(executor, range, selection),
  });
};
