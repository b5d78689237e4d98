import type { Executor } from '#db/client.ts';
import type { LlmOutcome, LlmRequest } from '#server/ai/types.ts';
import { describeError } from '#server/errors.ts';
import { estimateUsage } from '../prices/estimate-usage.ts';
import { assessOutcome, type Assessment } from './assess-outcome.ts';
import { finishGeneration } from './finish-generation.ts';
import { isGenerationIdTaken } from './is-generation-id-taken.ts';
import { reserveGeneration } from './reserve-generation.ts';
import type { GenerationDeps, GenerationResult, RunGenerationInput } from './types.ts';
import { userTag } from './user-tag.ts';

/**
 * One attempt at a generation: reserve, call, then settle or void in one transaction with the storing of the text.
 * Rejects only for the database; what the model does is in the result. The observer hears of it after the commit.
 */
export async function runGeneration(deps: GenerationDeps, input: RunGenerationInput): Promise<GenerationResult> {
  const { db, llm, clock, models } = deps;
  if (!llm) return { status: 'failed', errorType: 'ai_disabled' };
  const model = models[input.operation];
  const { requestId, startedAt } = await reserveGeneration(db, {
    operation: input.operation,
    model,
    userId: input.userId,
    plan: input.plan,
    updateId: input.updateId,
    startedAt: clock.now(),
  });
  const request: LlmRequest = { requestId, operation: input.operation, model, prompt: input.prompt, userTag: userTag(deps.pseudonymSecret, input.userId) };
  const outcome = await llm.generate(request);
  const estimatedUsd = outcome.bill?.costUsd ? null : await estimateUsage(db, outcome, model, startedAt);
  const assessment = assessOutcome(outcome, estimatedUsd);
  await book(deps, input, requestId, outcome, assessment);
  report(deps, input, model, outcome, assessment);
  return outcome.kind === 'answered'
    ? { status: 'answered', requestId, text: outcome.text }
    : { status: 'failed', errorType: outcome.errorType };
}

/** Books the outcome and stores the text as one; if that cannot be, the cost is booked alone before the error goes on. */
async function book(deps: GenerationDeps, input: RunGenerationInput, requestId: string, outcome: LlmOutcome, assessment: Assessment): Promise<void> {
  const finish = (tx: Executor, booked: LlmOutcome) =>
    finishGeneration(tx, { requestId, outcome: booked, assessment, finishedAt: deps.clock.now() });
  const commit = (booked: LlmOutcome) =>
    deps.db.transaction(async (tx) => {
      await finish(tx, booked);
      if (booked.kind === 'answered') await input.store(tx, { text: booked.text, requestId });
    });
  try {
    await commit(outcome);
  } catch (error) {
    if (isGenerationIdTaken(error)) {
      deps.logger.error({ requestId, generationId: outcome.generationId }, 'generation id is already in the ledger; booked without it');
      return commit({ ...outcome, generationId: null });
    }
    await finish(deps.db, outcome).catch(() => undefined);
    throw error;
  }
}

function report(deps: GenerationDeps, input: RunGenerationInput, model: string, outcome: LlmOutcome, assessment: Assessment): void {
  if (outcome.kind === 'failed') {
    deps.logger.warn({ operation: input.operation, model, errorType: outcome.errorType, detail: outcome.detail }, 'generation failed');
  }
  try {
    deps.onGenerationFinished({ operation: input.operation, model, durationMs: outcome.durationMs, usage: outcome.usage, ...assessment });
  } catch (error) {
    deps.logger.error({ cause: describeError(error) }, 'observer of generations failed');
  }
}
