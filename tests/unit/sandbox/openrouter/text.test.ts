import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composeAnswer } from '#server/sandbox/openrouter/text/compose-answer.ts';
import { countTokens, cutToTokens } from '#server/sandbox/openrouter/text/count-tokens.ts';
import { PHRASES_EN } from '#server/sandbox/openrouter/text/phrases-en.ts';
import { PHRASES_RU } from '#server/sandbox/openrouter/text/phrases-ru.ts';
import { readPrompt } from '#server/sandbox/openrouter/text/read-prompt.ts';
import { createRandom } from '#server/sandbox/random.ts';

const compose = (system: string, user: string, tokens: number, seed = 1) =>
  composeAnswer(readPrompt(system, user), tokens, createRandom(seed));

describe('readPrompt', () => {
  it('reads the language that is asked for, or the one that is written', () => {
    expect(readPrompt('Answer in Russian.', 'Horoscope for Leo').language).toBe('ru');
    expect(readPrompt('Отвечай на английском.', 'Гороскоп для Льва').language).toBe('en');
    expect(readPrompt('Ты астролог.', 'Гороскоп для знака Овен').language).toBe('ru');
    expect(readPrompt('You are an astrologer.', 'Horoscope').language).toBe('en');
  });

  it('finds cards with their reversals in both languages', () => {
    expect(readPrompt('You read tarot.', '1. Past: The Fool (reversed)\n2. Present: Three of Cups\n3. Future: Strength').cards).toEqual([
      { name: 'The Fool', isReversed: true },
      { name: 'Three of Cups', isReversed: false },
      { name: 'Strength', isReversed: false },
    ]);
    expect(readPrompt('Ты читаешь Таро.', 'Шут (перевёрнутая)\nТройка Кубков\nКолесо Фортуны').cards).toEqual([
      { name: 'Шут', isReversed: true },
      { name: 'Тройка Кубков', isReversed: false },
      { name: 'Колесо Фортуны', isReversed: false },
    ]);
  });

  it('takes no word for a card where tarot is not spoken of', () => {
    expect(readPrompt('You are an astrologer.', 'Strength and Justice for Libra')).toMatchObject({
      topic: 'horoscope',
      cards: [],
      sign: 'Libra',
    });
  });

  it('finds positions in both languages', () => {
    const english = readPrompt('Write in English only.', 'sun: 12° leo, house 3\nmoon: 1° aries, retrograde\nAscendant in Virgo');
    expect(english).toMatchObject({ topic: 'natal', positions: ['Sun in Leo', 'Moon in Aries', 'Ascendant in Virgo'] });
    expect(readPrompt('', 'Солнце в Овне, Луна — Телец\nАсцендент: Дева')).toMatchObject({
      topic: 'natal',
      language: 'ru',
      positions: ['Солнце в Овне', 'Луна — Телец', 'Асцендент: Дева'],
    });
  });

  it('says in the language of the answer what the prompt names in English', () => {
    const chart = readPrompt('Write in Russian only.', 'sun: 12° leo, house 3\nascendant: 3° virgo');
    expect(chart.positions).toEqual(['Солнце в знаке Лев', 'Асцендент в знаке Дева']);
    expect(readPrompt('Write in Russian only.', 'Write the horoscope for the sign pisces for 2026-11-24').sign).toBe('Рыбы');
    expect(readPrompt('Write in English only.', 'Write the horoscope for the sign pisces for 2026-11-24').sign).toBe('Pisces');
  });
});

describe('composeAnswer', () => {
  it('names every card, position and sign of the prompt, however short it is to be', () => {
    const cards = compose('Tarot. Answer in Russian.', 'Шут\nТройка Кубков (перевёрнутая)\nМир', 1);
    for (const name of ['Шут', 'Тройка Кубков', 'Мир']) expect(cards).toContain(name);
    const chart = compose('Answer in English.', 'Sun in Leo\nMoon in Aries', 1);
    for (const name of ['Sun in Leo', 'Moon in Aries']) expect(chart).toContain(name);
    expect(compose('', 'Horoscope for Pisces', 1)).toContain('Pisces');
  });

  it('is as long as it should be, within a sentence or two, in paragraphs without empty places', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 1_000 }),
        fc.constantFrom('Horoscope for Leo', 'Гороскоп для знака Лев'),
        fc.integer(),
        (tokens, user, seed) => {
          const text = compose('', user, tokens, seed);
          expect(Math.abs(countTokens(text) - tokens)).toBeLessThan(90);
          expect(text).not.toMatch(/[{}]|undefined|\n{3}/);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('writes the Markdown that real models write', () => {
    const text = compose('', 'Horoscope for Leo', 600);
    expect(text).toMatch(/^## /m);
    expect(text).toMatch(/^- /m);
    expect(text).toMatch(/\*\*[^*]+\*\*/);
  });

  it('is written in the language asked for, and has the same phrases to choose from in both', () => {
    expect(compose('Answer in Russian', 'Leo', 300)).not.toMatch(/[A-Za-z]/);
    expect(compose('Answer in English', 'Leo', 300)).not.toMatch(/[а-яё]/i);
    for (const part of ['sign', 'upright', 'reversed', 'position', 'headings', 'filler', 'advice'] as const) {
      expect(PHRASES_RU[part]).toHaveLength(PHRASES_EN[part].length);
    }
  });
});

describe('tokens', () => {
  it('are a quarter of Latin and a third of Cyrillic letters', () => {
    expect(countTokens('')).toBe(0);
    expect(countTokens('abcdefgh')).toBe(2);
    expect(countTokens('привет')).toBe(2);
  });

  it('are cut to the longest beginning that fits', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(40), (text, tokensMax) => {
        const cut = cutToTokens(text, tokensMax);
        expect(text.startsWith(cut)).toBe(true);
        expect(countTokens(cut)).toBeLessThanOrEqual(tokensMax);
        if (cut !== text) expect(countTokens(text.slice(0, cut.length + 1))).toBeGreaterThan(tokensMax);
      }),
    );
  });
});
