import { sql } from 'drizzle-orm';
import type { Executor } from '#db/client.ts';
import type { LlmOutcome } from '#server/ai/types.ts';
import { AppError } from '#server/errors.ts';
import { periodColumns } from '../budgets/append-delta.ts';
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
 * Books the outcome on the reserved row, once, and gives back to the budgets what was reserved too much, in one call.
 * Throws `AppError` `conflict` when the row is booked already, and the caller's transaction must not go on. A row that the
 * reconciler took for lost is still ours to settle.
 */
export async function finishGeneration(executor: Executor, input: FinishGenerationInput): Promise<void> {
  const { requestId, outcome, assessment, finishedAt } = input;
  const { status, costUsd, costSource, errorType, disposition } = assessment;
  const { usage } = outcome;
  const isInDoubt = costSource !== 'billed' && status !== 'void' && outcome.generationId !== null;
  const nextLookupAt = isInDoubt ? new Date(finishedAt.getTime() + FIRST_LOOKUP_DELAY_MS).toISOString() : null;
  const entry = {
    request_id: requestId,
    status,
    cost_usd: costUsd,
    cost_source: costSource,
    error_type: errorType,
    disposition,
    response_model: outcome.responseModel,
    provider: outcome.provider,
    finish_reason: outcome.finishReason,
    generation_id: outcome.generationId,
    duration_ms: Math.round(outcome.durationMs),
    time_to_first_token_ms: outcome.timeToFirstTokenMs ?? null,
    is_byok: outcome.bill?.isByok ?? null,
    prompt_tokens: usage?.promptTokens ?? null,
    completion_tokens: usage?.completionTokens ?? null,
    cached_prompt_tokens: usage?.cachedPromptTokens ?? null,
    reasoning_tokens: usage?.reasoningTokens ?? null,
    finished_at: finishedAt,
    next_lookup_at: nextLookupAt,
    ...periodColumns(input.startedAt, input.reportingTimeZone),
  };
  const [finished] = await executor.execute(sql`select settle_generation(${JSON.stringify(entry)}::jsonb) as is_settled`);
  if (finished?.['is_settled'] !== true) throw new AppError('conflict', 'This generation was already booked.');
}
