import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cardName, DECK } from '#server/services/tarot/deck.ts';
import { cryptoRandomBelow, drawCards, shuffle } from '#server/services/tarot/draw-cards.ts';

/** Chi-square that chance exceeds once in a million for 77 degrees of freedom. */
const CHI_SQUARE_77_MAX = 153;

describe('the deck', () => {
  test('has 78 different cards, each with a name in both languages', () => {
    expect(DECK).toHaveLength(78);
    expect(new Set(DECK.map(({ id }) => id)).size).toBe(78);
    expect(new Set(DECK.map(({ names }) => names.en)).size).toBe(78);
    expect(new Set(DECK.map(({ names }) => names.ru)).size).toBe(78);
    expect(DECK.every(({ names }) => /^[А-ЯЁ][а-яёА-ЯЁ ]+$/.test(names.ru))).toBe(true);
  });

  test('holds 22 major arcana and four suits of fourteen', () => {
    const suits = ['wands', 'cups', 'swords', 'pentacles'].map((suit) => DECK.filter(({ id }) => id.endsWith(`_of_${suit}`)).length);
    expect(suits).toEqual([14, 14, 14, 14]);
    expect(DECK.slice(0, 22).map(({ id }) => id)).toEqual(expect.arrayContaining(['fool', 'wheel_of_fortune', 'world']));
  });

  test('names its cards', () => {
    expect(cardName('queen_of_cups', 'ru')).toBe('Королева Кубков');
    expect(cardName('fool', 'en')).toBe('The Fool');
    expect(cardName('joker', 'en')).toBe('joker');
  });
});

describe('the shuffle', () => {
  test('keeps every item and leaves its input alone', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), (items) => {
        const before = [...items];
        expect(shuffle(items, cryptoRandomBelow).sort()).toEqual([...items].sort());
        expect(items).toEqual(before);
      }),
    );
  });

  test('asks chance for each place among those that are left, so that every order is equally likely', () => {
    const asked: number[] = [];
    shuffle([1, 2, 3, 4, 5], (below) => {
      asked.push(below);
      return below - 1;
    });
    expect(asked).toEqual([5, 4, 3, 2]);
  });

  test('reaches all orders of three items about equally often', () => {
    const counts = new Map<string, number>();
    const rounds = 6_000;
    for (let round = 0; round < rounds; round += 1) {
      const order = shuffle(['a', 'b', 'c'], cryptoRandomBelow).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - rounds / 6) ** 2 / (rounds / 6), 0);
    // Exceeded once in a million for 5 degrees of freedom.
    expect(chiSquare).toBeLessThan(36);
  });
});

describe('drawing', () => {
  test('gives different cards', () => {
    for (let round = 0; round < 200; round += 1) {
      expect(new Set(drawCards(3, cryptoRandomBelow).map(({ cardId }) => cardId)).size).toBe(3);
    }
  });

  test('gives every card equally often, and half of them reversed', () => {
    const counts = new Map(DECK.map(({ id }) => [id, 0]));
    const rounds = 7_800;
    let reversed = 0;
    for (let round = 0; round < rounds; round += 1) {
      const [card] = drawCards(1, cryptoRandomBelow);
      if (!card) throw new Error('no card');
      counts.set(card.cardId, (counts.get(card.cardId) ?? 0) + 1);
      if (card.isReversed) reversed += 1;
    }
    const expected = rounds / DECK.length;
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(chiSquare).toBeLessThan(CHI_SQUARE_77_MAX);
    // Five standard deviations around one half.
    expect(Math.abs(reversed - rounds / 2)).toBeLessThan(5 * Math.sqrt(rounds / 4));
  });
});
