import type { Prompt } from '#server/ai/types.ts';
import { tarotCardPrompt, type PromptCard } from '#server/ai/prompts/tarot-card.ts';
import { tarotThreeCardsPrompt } from '#server/ai/prompts/tarot-three-cards.ts';
import { Language } from '#server/contracts/vocabulary.ts';
import { invariant } from '#server/errors.ts';
import { localDate } from '#server/lib/time-buckets.ts';
import type { GenerationResult } from '#server/services/generations/types.ts';
import { cardName } from '#server/services/tarot/deck.ts';
import { readSpread } from '#server/services/tarot/read-spread.ts';
import { drawCardOfDay, drawThreeCards, type TarotSpread } from '#server/services/tarot/spreads.ts';
import { planOf } from '#server/services/users/types.ts';
import type { ReadingAsk, ReadingDeps } from './types.ts';

/** The user's card of the day of the ask; drawn on the first ask, before any model is asked. */
export function openCardOfDay(deps: ReadingDeps, ask: ReadingAsk): Promise<TarotSpread> {
  return drawCardOfDay(deps.generations.db, deps.randomBelow, spreadAsk(deps, ask));
}

/** Three cards to a question; drawn once for an update, before any model is asked. */
export function openThreeCards(deps: ReadingDeps, ask: ReadingAsk & { readonly question: string }): Promise<TarotSpread> {
  return drawThreeCards(deps.generations.db, deps.randomBelow, { ...spreadAsk(deps, ask), updateId: ask.updateId, question: ask.question });
}

/** What the drawn cards say; asks a model only if the spread has no text yet. */
export function spreadReading(deps: ReadingDeps, ask: ReadingAsk & { readonly spread: TarotSpread }): Promise<GenerationResult> {
  const { spread, user } = ask;
  return readSpread(deps.generations, { spread, plan: planOf(user, ask.at), updateId: ask.updateId, prompt: promptOf(spread) });
}

function spreadAsk(deps: ReadingDeps, ask: ReadingAsk) {
  return { userId: ask.user.id, date: localDate(ask.at, deps.reportingTimeZone), language: ask.user.language, at: ask.at };
}

function promptOf(spread: TarotSpread): Prompt {
  const language = Language.parse(spread.language);
  const cards: PromptCard[] = spread.cards.map(({ cardId, isReversed }) => ({ name: cardName(cardId, language), isReversed }));
  if (spread.kind === 'three_cards') return tarotThreeCardsPrompt(language, { cards, question: spread.question ?? '' });
  const [card] = cards;
  invariant(card, 'a card of the day holds a card');
  return tarotCardPrompt(language, { card, date: spread.date });
}
