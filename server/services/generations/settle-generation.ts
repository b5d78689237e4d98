import { and, eq, ne } from 'drizzle-orm';
import type { Transaction } from '#db/client.ts';
import { aiUsage } from '#db/schema/index.ts';
import type { AttemptPermit } from '#server/ai/run-attempts.ts';
import type { LlmOutcome } from '#server/ai/types.ts';
import type { AiErrorType } from '#server/contracts/vocabulary.ts';
import { describeError } from '#server/errors.ts';
import { estimateUsage } from '../prices/estimate-usage.ts';
import { assessOutcome, type Assessment } from './assess-outcome.ts';
import { bookLate, isConflict } from './book-late.ts';
import { finishGeneration } from './finish-generation.ts';
import { isGenerationIdTaken } from './is-generation-id-taken.ts';
import type { GenerationDeps, RunGenerationInput } from './types.ts';

/** An attempt that has ended. */
export interface SettleInput {
  readonly permit: AttemptPermit;
  readonly askId: string;
  readonly startedAt: Date;
  readonly outcome: LlmOutcome;
  /** Why the text must not be delivered; null when it is to be. */
  readonly rejection: AiErrorType | null;
}

/** Books an attempt's outcome, once, in one transaction with the text that it brought. The observer hears of it after the commit. */
export async function settleGeneration(deps: GenerationDeps, input: RunGenerationInput, settled: SettleInput): Promise<void> {
  const { permit, outcome, rejection, startedAt } = settled;
  await deps.onCheckpoint?.('before_settle');
  const estimatedUsd = outcome.bill?.costUsd ? null : await estimateUsage(deps.db, outcome, permit.model, startedAt);
  const assessment = assessOutcome(outcome, estimatedUsd, rejection);
  await book(deps, input, settled, assessment, () => report(deps, input, settled, assessment));
}

/**
 * Books the outcome and stores the text as one; if that cannot be, the cost is booked alone before the error goes on, or
 * later if that cannot be either. `onBooked` hears of it once, whichever it was.
 */
async function book(deps: GenerationDeps, input: RunGenerationInput, settled: SettleInput, assessment: Assessment, onBooked: () => void): Promise<void> {
  const { permit, outcome } = settled;
  const { requestId } = permit;
  const reportingTimeZone = deps.reportingTimeZone ?? 'UTC';
  const isToBeDelivered = settled.rejection === null;
  const finishedAt = deps.clock.now();
  const commit = (booked: LlmOutcome, hasText: boolean) =>
    deps.db.transaction(async (tx) => {
      if (hasText && booked.kind === 'answered') {
        await input.store(tx, { text: booked.text, requestId });
        if (permit.number > 1) await supersedeOthers(tx, settled);
      }
      await deps.onCheckpoint?.('in_settle');
      await finishGeneration(tx, { requestId, startedAt: settled.startedAt, outcome: booked, assessment, finishedAt, reportingTimeZone });
    });
  try {
    await commit(outcome, isToBeDelivered).catch((error: unknown) => {
      if (!isGenerationIdTaken(error)) throw error;
      deps.logger.error({ requestId, generationId: outcome.generationId }, 'generation id is already in the ledger; booked without it');
      return commit({ ...outcome, generationId: null }, isToBeDelivered);
    });
  } catch (error) {
    await commit(outcome, false).then(onBooked, () => {
      if (isConflict(error)) return;
      // Its word was lost, or comes too late: the commit may have landed all the same.
      void bookLate(deps, requestId, () => commit(outcome, false)).then((booking) => (booking === 'booked' ? onBooked() : undefined));
    });
    throw error;
  }
  onBooked();
  await deps.onCheckpoint?.('after_settle');
}

/** What earlier attempts at the same reading brought was paid for and is not needed any more. */
async function supersedeOthers(tx: Transaction, { askId, permit }: SettleInput): Promise<void> {
  await tx
    .update(aiUsage)
    .set({ disposition: 'superseded' })
    .where(and(eq(aiUsage.askId, askId), ne(aiUsage.requestId, permit.requestId), eq(aiUsage.disposition, 'undelivered')));
}

function report(deps: GenerationDeps, input: RunGenerationInput, { permit, outcome, rejection }: SettleInput, assessment: Assessment): void {
  const { operation } = input;
  const { model } = permit;
  if (assessment.errorType !== null) {
    const detail = outcome.kind === 'failed' ? outcome.detail : `rejected as ${rejection ?? ''}`;
    deps.logger.warn({ operation, model, errorType: assessment.errorType, detail }, 'generation failed');
  }
  const { status, costUsd, costSource, errorType } = assessment;
  try {
    deps.onGenerationFinished({ operation, model, durationMs: outcome.durationMs, usage: outcome.usage, status, costUsd, costSource, errorType });
  } catch (error) {
    deps.logger.error({ cause: describeError(error) }, 'observer of generations failed');
  }
}
