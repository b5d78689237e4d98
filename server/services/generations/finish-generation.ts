import { sql } from 'drizzle-orm';
import type { Executor } from '#db/client.ts';
import type { LlmOutcome } from '#server/ai/types.ts';
import { AppError } from '#server/errors.ts';
import { appendDeltas } from '../budgets/append-delta.ts';
import type { Assessment } from './assess-outcome.ts';

export interface FinishGenerationInput {
  readonly requestId: string;
  readonly startedAt: Date;
  readonly outcome: LlmOutcome;
  readonly assessment: Assessment;
  readonly finishedAt: Date;
  readonly reportingTimeZone: string;
}

/** Wait before the provider is asked for the cost of a generation that told none. */
const FIRST_LOOKUP_DELAY_MS = 1_000;

/**
 * Books the outcome on the reserved row, once, and gives back to the budgets what was reserved too much, in one statement.
 * Throws `AppError` `conflict` when the row is booked already, and the caller's transaction must not go on. A row that the
 * reconciler took for lost is still ours to settle.
 */
export async function finishGeneration(executor: Executor, input: FinishGenerationInput): Promise<void> {
  const { requestId, outcome, assessment, finishedAt } = input;
  const { status, costUsd, costSource, errorType, disposition } = assessment;
  const { usage } = outcome;
  const isInDoubt = costSource !== 'billed' && status !== 'void' && outcome.generationId !== null;
  const nextLookupAt = isInDoubt ? new Date(finishedAt.getTime() + FIRST_LOOKUP_DELAY_MS).toISOString() : null;
  // What is unknown may have cost all that was reserved, and counts so until it is known.
  const finished = await executor.execute(sql`
    with moved as (
      update ai_usage set
        status = ${status}, cost_usd = ${costUsd}::numeric, cost_source = ${costSource}, error_type = ${errorType}, disposition = ${disposition},
        response_model = ${outcome.responseModel}, provider = ${outcome.provider}, finish_reason = ${outcome.finishReason},
        -- What was noted when the headers came is not forgotten.
        generation_id = coalesce(${outcome.generationId}, generation_id),
        duration_ms = ${Math.round(outcome.durationMs)}, time_to_first_token_ms = ${outcome.timeToFirstTokenMs ?? null}, is_byok = ${outcome.bill?.isByok ?? null},
        prompt_tokens = ${usage?.promptTokens ?? null}, completion_tokens = ${usage?.completionTokens ?? null},
        cached_prompt_tokens = ${usage?.cachedPromptTokens ?? null}, reasoning_tokens = ${usage?.reasoningTokens ?? null},
        finished_at = ${finishedAt.toISOString()}::timestamptz, lease_until = null, next_lookup_at = ${nextLookupAt}::timestamptz
      where request_id = ${requestId} and (status = 'reserved' or (status = 'unknown' and error_type = 'interrupted'))
      returning operation, model, plan, user_id,
        case status when 'unknown' then 0 else coalesce(cost_usd, 0) - coalesce(reserved_usd, 0) end as amount_usd
    ), told as (${appendDeltas(sql`moved`, input.startedAt, input.reportingTimeZone)})
    select count(*)::int as count from moved`);
  if (finished[0]?.['count'] !== 1) throw new AppError('conflict', 'This generation was already booked.');
}
