import { and, eq } from 'drizzle-orm';
import type { Executor } from '#db/client.ts';
import { aiUsage } from '#db/schema/index.ts';
import type { LlmOutcome } from '#server/ai/types.ts';
import { AppError } from '#server/errors.ts';
import type { Assessment } from './assess-outcome.ts';

interface FinishGenerationInput {
  readonly requestId: string;
  readonly outcome: LlmOutcome;
  readonly assessment: Assessment;
  readonly finishedAt: Date;
}

/**
 * Books the outcome on the reserved row, once. Throws `AppError` `conflict` when the row is no longer reserved: the
 * reconciler was faster, and the caller's transaction must not go on.
 */
export async function finishGeneration(executor: Executor, input: FinishGenerationInput): Promise<void> {
  const { requestId, outcome, assessment, finishedAt } = input;
  const finished = await executor
    .update(aiUsage)
    .set({
      ...assessment,
      responseModel: outcome.responseModel,
      provider: outcome.provider,
      generationId: outcome.generationId,
      finishReason: outcome.finishReason,
      durationMs: Math.round(outcome.durationMs),
      isByok: outcome.bill?.isByok ?? null,
      promptTokens: outcome.usage?.promptTokens ?? null,
      completionTokens: outcome.usage?.completionTokens ?? null,
      cachedPromptTokens: outcome.usage?.cachedPromptTokens ?? null,
      reasoningTokens: outcome.usage?.reasoningTokens ?? null,
      disposition: assessment.status === 'void' ? null : 'undelivered',
      finishedAt,
    })
    .where(and(eq(aiUsage.requestId, requestId), eq(aiUsage.status, 'reserved')))
    .returning({ requestId: aiUsage.requestId });
  if (finished.length === 0) throw new AppError('conflict', 'This generation was already booked.');
}
