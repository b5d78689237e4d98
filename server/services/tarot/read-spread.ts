import { eq } from 'drizzle-orm';
import { tarotSpreads, type TarotSpread } from '#db/schema/index.ts';
import type { Prompt } from '#server/ai/types.ts';
import { Language, type Operation, type Plan } from '#server/contracts/vocabulary.ts';
import { runGeneration } from '../generations/run-generation.ts';
import type { GenerationDeps, GenerationResult } from '../generations/types.ts';

export interface ReadSpreadInput {
  readonly spread: TarotSpread;
  readonly plan: Plan;
  readonly updateId: number | null;
  readonly prompt: Prompt;
}

/** The operation that reads a kind of spread. */
export function spreadOperation(kind: TarotSpread['kind']): Operation {
  return kind === 'card_of_day' ? 'tarot_card' : 'tarot_three_cards';
}

/** The reading of drawn cards: the stored one, or one generation that stores it. */
export async function readSpread(deps: GenerationDeps, input: ReadSpreadInput): Promise<GenerationResult> {
  const { spread } = input;
  if (spread.text !== null && spread.requestId !== null) {
    return { status: 'answered', text: spread.text, requestId: spread.requestId, source: 'store' };
  }
  return runGeneration(deps, {
    operation: spreadOperation(spread.kind),
    userId: spread.userId,
    plan: input.plan,
    updateId: input.updateId,
    language: Language.parse(spread.language),
    prompt: input.prompt,
    store: async (tx, { text, requestId }) => {
      await tx.update(tarotSpreads).set({ text, requestId }).where(eq(tarotSpreads.id, spread.id));
    },
  });
}
