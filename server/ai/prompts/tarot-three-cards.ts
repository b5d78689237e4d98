import type { Prompt } from '../types.ts';
import type { Language } from '#server/contracts/vocabulary.ts';
import { READING_TOKENS_MAX, asData, readerInstructions } from './shared.ts';
import { describeCard, type PromptCard } from './tarot-card.ts';

const POSITIONS = ['Past', 'Present', 'Future'] as const;

/** The reading of three cards to a user's question; the question is data, whatever it says. */
export function tarotThreeCardsPrompt(language: Language, input: { readonly cards: readonly PromptCard[]; readonly question: string }): Prompt {
  const cards = input.cards.map((card, index) => `${POSITIONS[index] ?? 'Advice'}: ${describeCard(card)}`);
  return {
    system: readerInstructions('You are an experienced tarot reader who lays three cards: past, present, future.', language),
    user: [
      'The reader asks:',
      asData('question', input.question),
      'The cards:',
      ...cards,
      'Answer the question through these cards, one after the other, and end with what they say together.',
    ].join('\n'),
    completionTokensMax: READING_TOKENS_MAX,
  };
}
