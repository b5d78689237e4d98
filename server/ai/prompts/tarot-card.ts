import type { Prompt } from '../types.ts';
import type { Language } from '#server/contracts/vocabulary.ts';
import { READING_TOKENS_MAX, readerInstructions } from './shared.ts';

/** A drawn card as a prompt names it. */
export interface PromptCard {
  readonly name: string;
  readonly isReversed: boolean;
}

/** `The Fool (reversed)`. */
export function describeCard(card: PromptCard): string {
  return `${card.name} (${card.isReversed ? 'reversed' : 'upright'})`;
}

/** The reading of one card for a day `YYYY-MM-DD`. */
export function tarotCardPrompt(language: Language, input: { readonly card: PromptCard; readonly date: string }): Prompt {
  return {
    system: readerInstructions('You are an experienced tarot reader.', language),
    user: `The card of the day for ${input.date} is ${describeCard(input.card)}. Tell what it means for this day and what to do with it.`,
    completionTokensMax: READING_TOKENS_MAX,
  };
}
