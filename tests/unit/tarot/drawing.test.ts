import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DECK } from '#server/services/tarot/deck.ts';
import { cryptoRandomBelow, drawCards } from '#server/services/tarot/draw-cards.ts';
import { spreadOperation } from '#server/services/tarot/read-spread.ts';

test('whatever chance says, cards are of the deck, different, and reversed exactly where it says so', () => {
  const draw = fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 200, maxLength: 200 });
  const check = fc.property(fc.integer({ min: 0, max: DECK.length }), draw, (count, chances) => {
    const coins: number[] = [];
    let next = 0;
    const cards = drawCards(count, (below) => {
      const chosen = Math.floor((chances[next++] ?? 0) * below);
      if (next > DECK.length - 1) coins.push(chosen);
      return chosen;
    });
    expect(cards).toHaveLength(count);
    expect(new Set(cards.map(({ cardId }) => cardId)).size).toBe(count);
    expect(cards.every(({ cardId }) => DECK.some(({ id }) => id === cardId))).toBe(true);
    expect(cards.map(({ isReversed }) => Number(isReversed))).toEqual(coins);
  });
  fc.assert(check);
});

test('chance that leaves the deck is refused, not drawn as no card', () => {
  expect(() => drawCards(1, (below) => below)).toThrow(expect.objectContaining({ code: 'internal' }));
});

test('chance from the system reaches each number below its bound, and none beyond', () => {
  const numbers = new Set(Array.from({ length: 400 }, () => cryptoRandomBelow(4)));
  expect([...numbers].sort()).toEqual([0, 1, 2, 3]);
});

test('each kind of spread is read by its own operation', () => {
  expect([spreadOperation('card_of_day'), spreadOperation('three_cards')]).toEqual(['tarot_card', 'tarot_three_cards']);
});
