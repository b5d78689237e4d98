import { Language } from '#server/contracts/vocabulary.ts';
import { cardName } from '#server/services/tarot/deck.ts';
import type { DrawnCard, TarotSpread } from '#server/services/tarot/spreads.ts';
import type { BotContext } from '../../context.ts';
import { formatDate } from '../../format-date.ts';
import type { TextRun } from '../../text/runs.ts';

/** The head of a reading: which cards lie on the table. */
export function spreadHead(ctx: BotContext, spread: TarotSpread): TextRun[] {
  const language = Language.parse(spread.language);
  if (spread.kind === 'card_of_day') {
    const title = ctx.t('tarot-card-title', { date: formatDate(spread.date, language) });
    return [bold(title), ...spread.cards.flatMap((card) => [plain(`\n${describe(ctx, card, language)}`)]), plain('\n\n')];
  }
  const lines = spread.cards.map((card, index) => plain(`\n${ctx.t(`tarot-position-${index}`)}: ${describe(ctx, card, language)}`));
  const question = spread.question === null ? [] : [{ text: `\n${spread.question}`, tags: ['i' as const] }];
  return [bold(ctx.t('tarot-three-title')), ...question, ...lines, plain('\n\n')];
}

function describe(ctx: BotContext, card: DrawnCard, language: Language): string {
  return ctx.t(card.isReversed ? 'tarot-reversed' : 'tarot-upright', { card: cardName(card.cardId, language) });
}

function bold(text: string): TextRun {
  return { text, tags: ['b'] };
}

function plain(text: string): TextRun {
  return { text, tags: [] };
}
