import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { horoscopePrompt } from '#server/ai/prompts/horoscope.ts';
import { natalChartPrompt } from '#server/ai/prompts/natal-chart.ts';
import { tarotCardPrompt } from '#server/ai/prompts/tarot-card.ts';
import { tarotThreeCardsPrompt } from '#server/ai/prompts/tarot-three-cards.ts';
import type { Prompt } from '#server/ai/types.ts';
import { LANGUAGES, ZODIAC_SIGNS, type Language } from '#server/contracts/vocabulary.ts';
import { DECK } from '#server/services/tarot/deck.ts';
import { startTestOpenRouter, type TestOpenRouter } from '#tests/support/openrouter.ts';
import { postChat } from '#tests/support/openrouter-wire.ts';

let openRouter: TestOpenRouter;
beforeAll(async () => {
  openRouter = await startTestOpenRouter();
});
afterAll(() => openRouter.close());

const Answer = z.looseObject({ choices: z.tuple([z.looseObject({ message: z.looseObject({ content: z.string() }) })]) });

/** What the stand-in writes to a prompt as the bot sends it. */
async function answerTo({ system, user, completionTokensMax }: Prompt): Promise<string> {
  const messages = [{ role: 'system', content: system }, { role: 'user', content: user }];
  const response = await postChat(openRouter, { model: 'openai/gpt-4o-mini', messages, max_tokens: completionTokensMax });
  return Answer.parse(await response.json()).choices[0].message.content;
}

const isIn = (language: Language, text: string) => (language === 'ru' ? !/[A-Za-z]/.test(text) : !/[а-яё]/i.test(text));
const SIGNS_RU = ['Ов', 'Тел', 'Близнец', 'Рак', 'Л[её]в|Льв', 'Дев', 'Вес', 'Скорпион', 'Стрел', 'Козерог', 'Водоле', 'Рыб'];

describe('the stand-in understands what the bot sends: its answer', () => {
  test.each(LANGUAGES)('to a horoscope in "%s" is in that language and speaks of the sign', async (language) => {
    for (const [index, sign] of ZODIAC_SIGNS.entries()) {
      const text = await answerTo(horoscopePrompt(language, { sign, date: '2026-11-24' }));
      expect(text).toMatch(new RegExp(language === 'ru' ? (SIGNS_RU[index] ?? '') : sign, 'i'));
      expect(isIn(language, text), `the language of ${sign}`).toBe(true);
    }
  });

  test.each(LANGUAGES)('to a card in "%s" names it, whichever of the deck it is', async (language) => {
    const unnamed: string[] = [];
    for (const { names } of DECK) {
      const text = await answerTo(tarotCardPrompt(language, { card: { name: names[language], isReversed: names.en.length % 2 === 0 }, date: '2026-11-24' }));
      if (!text.includes(names[language]) || !isIn(language, text)) unnamed.push(names[language]);
    }
    expect(unnamed).toEqual([]);
  });

  test.each(LANGUAGES)('to three cards in "%s" names all of them, also when the question speaks of others', async (language) => {
    const cards = ['fool', 'three_of_cups', 'world'].map((id) => ({ name: DECK.find((each) => each.id === id)?.names[language] ?? id, isReversed: true }));
    const text = await answerTo(tarotThreeCardsPrompt(language, { cards, question: language === 'ru' ? 'Что меня ждёт?' : 'What awaits me?' }));
    for (const { name } of cards) expect(text).toContain(name);
    expect(isIn(language, text)).toBe(true);
  });

  test.each([
    ['en', ['Sun in Leo', 'Moon in Aries', 'Ascendant in Virgo']],
    ['ru', ['Солнце в знаке Лев', 'Луна в знаке Овен', 'Асцендент в знаке Дева']],
  ] as const)('to a chart in "%s" goes through its positions', async (language, positions) => {
    const points = ([['sun', 'leo', 3], ['moon', 'aries', null], ['ascendant', 'virgo', null]] as const).map(([name, sign, house]) => ({
      name, sign, house, degree: 12, isRetrograde: name === 'moon',
    }));
    const text = await answerTo(natalChartPrompt(language, { points, isTimeKnown: true, place: language === 'ru' ? 'Омск, Россия' : 'Omsk, Russia' }));
    for (const position of positions) expect(text).toContain(position);
    expect(isIn(language, text)).toBe(true);
  });
});
