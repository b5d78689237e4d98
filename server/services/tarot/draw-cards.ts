import { randomInt } from 'node:crypto';
import type { DrawnCard } from '#db/schema/index.ts';
import { invariant } from '#server/errors.ts';
import { DECK } from './deck.ts';

/** A fair whole number from 0 to `below` − 1. */
export type RandomBelow = (below: number) => number;

/** Chance from the operating system's generator, without modulo bias. */
export const cryptoRandomBelow: RandomBelow = (below) => randomInt(below);

/** The items in an order of which all are equally likely (Fisher–Yates); the input stays as it is. */
export function shuffle<T>(items: readonly T[], randomBelow: RandomBelow): T[] {
  const shuffled = [...items];
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const chosen = randomBelow(last + 1);
    const a = shuffled[last];
    const b = shuffled[chosen];
    invariant(a !== undefined && b !== undefined, 'chance stays inside the deck');
    shuffled[last] = b;
    shuffled[chosen] = a;
  }
  return shuffled;
}

/** The top `count` cards of a shuffled deck, each upright or reversed with equal chance. */
export function drawCards(count: number, randomBelow: RandomBelow): DrawnCard[] {
  return shuffle(DECK, randomBelow)
    .slice(0, count)
    .map((card) => ({ cardId: card.id, isReversed: randomBelow(2) === 1 }));
}
