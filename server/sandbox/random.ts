import { createHash } from 'node:crypto';

/** Draws a number from 0 (included) to 1 (excluded). */
export type Random = () => number;

/** A stream of draws that depends on the seed alone (the sfc32 generator, its state taken from a hash of the seed). */
export function createRandom(seed: string | number): Random {
  const digest = createHash('sha256').update(String(seed)).digest();
  let a = digest.readInt32LE(0);
  let b = digest.readInt32LE(4);
  let c = digest.readInt32LE(8);
  let counter = digest.readInt32LE(12);
  return () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
}

/** One item of a list that is not empty. Throws on an empty one. */
export function pick<T>(random: Random, items: readonly T[]): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
}

/** The items in a random order (Fisher-Yates); the list itself is not changed. */
export function shuffle<T>(random: Random, items: readonly T[]): T[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    const a = result[last] as T;
    result[last] = result[other] as T;
    result[other] = a;
  }
  return result;
}
