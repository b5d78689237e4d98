import { v7 as uuidv7 } from 'uuid';
import type { Prompt } from '#server/ai/types.ts';
import type { AttemptBook, AttemptsInput } from '#server/ai/run-attempts.ts';
import type { BudgetRefusal } from '../budgets/types.ts';
import { noteGenerationId } from './note-generation-id.ts';
import { reserveGenerations } from './reserve-generations.ts';
import { settleGeneration } from './settle-generation.ts';
import type { Checkpoint, GenerationDeps, GenerationResult, RunGenerationInput } from './types.ts';
import { userTag } from './user-tag.ts';

/** Longest that one attempt may take, its retries by the network's own doing included; see the client's total timeout. */
export const ATTEMPT_LEASE_MS = 120_000;
/** What a chat template adds to the messages of a prompt, generously. */
const TEMPLATE_TOKENS_MAX = 64;

/**
 * A reading by a model: attempts, each reserved before its call and then settled or voided in one transaction with the
 * storing of its text. Rejects only for the database; what the model or a budget says is in the result.
 */
export async function runGeneration(deps: GenerationDeps, input: RunGenerationInput): Promise<GenerationResult> {
  const { llm } = deps;
  if (!llm) return { status: 'failed', errorType: 'ai_disabled' };
  const result = await llm.run(attemptsInputOf(deps, input), createBook(deps, input));
  switch (result.kind) {
    case 'answered':
      return { status: 'answered', requestId: result.requestId, text: result.text, source: 'model' };
    case 'refused':
      return { status: 'limited', refusal: result.refusal };
    case 'failed':
      return { status: 'failed', errorType: result.errorType };
  }
}

function attemptsInputOf(deps: GenerationDeps, { operation, language, prompt, userId }: RunGenerationInput): AttemptsInput {
  const first = deps.models[operation];
  const { onCheckpoint } = deps;
  const stages = { sent: 'after_send', headers: 'after_headers', first_token: 'after_first_token', body: 'after_body' } as const satisfies Record<string, Checkpoint>;
  return {
    operation,
    language,
    prompt,
    models: [first, ...(deps.fallbackModels ?? []).filter((model) => model !== first)],
    userTag: userTag(deps.pseudonymSecret, userId),
    ...(onCheckpoint ? { onStage: (stage) => onCheckpoint(stages[stage]) } : {}),
  };
}

/** The ledger as the attempts of one reading keep it. */
function createBook(deps: GenerationDeps, input: RunGenerationInput): AttemptBook<BudgetRefusal> {
  const askId = uuidv7();
  const { operation, plan, userId, updateId, prompt } = input;
  const options = { db: deps.db, reportingTimeZone: deps.reportingTimeZone ?? 'UTC', cheaperModel: deps.cheaperModel ?? null, leaseMs: ATTEMPT_LEASE_MS, processId: deps.processId };
  const reserve = deps.reserve ?? (async (ask) => reserveOne(options, ask));
  let startedAt = deps.clock.now();
  return {
    async reserve({ number, model }) {
      startedAt = deps.clock.now();
      const reservation = await reserve({
        operation, plan, userId, updateId, askId, attempt: number, model, startedAt,
        promptTokensMax: promptTokensMax(prompt), completionTokensMax: prompt.completionTokensMax,
      });
      await deps.onCheckpoint?.('after_reserve');
      if (reservation.kind === 'refused') return reservation;
      const { requestId, completionTokensMax } = reservation;
      return { kind: 'granted', permit: { requestId, number, model: reservation.model, completionTokensMax } };
    },
    noteGenerationId: (requestId, generationId) => noteGenerationId(deps, requestId, generationId),
    settle: (permit, outcome, rejection) => settleGeneration(deps, input, { permit, askId, startedAt, outcome, rejection }),
  };
}

async function reserveOne(options: Parameters<typeof reserveGenerations>[0], ask: Parameters<typeof reserveGenerations>[1][number]) {
  const [reservation] = await reserveGenerations(options, [ask]);
  if (!reservation) throw new Error('a reservation got no answer');
  return reservation;
}

/** A token is at least one byte of its text. */
function promptTokensMax({ system, user }: Prompt): number {
  return Buffer.byteLength(system) + Buffer.byteLength(user) + TEMPLATE_TOKENS_MAX;
}
