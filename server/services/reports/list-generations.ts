import { listGenerations as queryGenerations, type GenerationSelection } from '#db/queries/generations.ts';
import { GENERATIONS_LIMIT_DEFAULT, NONE, type GenerationFilters, type GenerationPage, type ListGenerationsInput } from '#server/contracts/generations.ts';
import { describeRange } from './describe-range.ts';
import { decodeCursor, encodeCursor } from './generation-cursor.ts';
import type { ReportDeps } from './report-kit.ts';
import { resolveRange } from './resolve-range.ts';

/**
 * One page of the attempts of a range, the newest first. Following the cursors gives each row that was there at the
 * start exactly once, whatever is added meanwhile. Throws `AppError` `bad_input` for a cursor that is none.
 */
export async function listGenerations({ db, clock, reportingTimeZone }: ReportDeps, input: ListGenerationsInput): Promise<GenerationPage> {
  const now = clock.now();
  const range = resolveRange(input, { now, timeZone: reportingTimeZone });
  const limit = input.limit ?? GENERATIONS_LIMIT_DEFAULT;
  const after = input.cursor === undefined ? null : decodeCursor(input.cursor);
  const found = await queryGenerations(db, { ...toSelection(input), range, after, limit: limit + 1 });
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  return {
    range: describeRange(range),
    generatedAt: now.toISOString(),
    rows: shown.map(({ place: _place, startedAt, ...row }) => ({ ...row, startedAt: startedAt.toISOString() })),
    nextCursor: found.length > limit && last ? encodeCursor({ startedAt: last.place, requestId: last.requestId }) : null,
  };
}

/** The filters of the page as what the ledger is narrowed by. */
export function toSelection({ user, disposition, errorType, ...filters }: GenerationFilters): GenerationSelection {
  const { operation, model, status, costSource, minUsd, maxUsd } = filters;
  return {
    operation,
    model,
    status,
    costSource,
    minUsd,
    maxUsd,
    userId: user,
    disposition: disposition === NONE ? null : disposition,
    errorType: errorType === NONE ? null : errorType,
  };
}
