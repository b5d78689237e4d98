/*
 * Randomness for SQL that a seed repeats: the hash of a number, not a generator, so that rows may be made in any order and by
 * any number of connections.
 */
const STREAMS = 1_000;
const MANTISSA = 2 ** 53;

export interface Dice {
  /** SQL of a number from 0 to 1, exclusive, for the bigint `key`; each `stream` is independent of the others. */
  roll(key: string, stream: number): string;
  /** SQL of a number with mean 0 and deviation 1; takes `stream` and the one after it. */
  normal(key: string, stream: number): string;
}

/** Dice of a seed. */
export function createDice(seed: number): Dice {
  const roll = (key: string, stream: number) =>
    `((hashint8extended(${key}, ${seed * STREAMS + stream}) & ${MANTISSA - 1})::float8 / ${MANTISSA}::float8)`;
  return {
    roll,
    normal: (key, stream) => `(sqrt(-2 * ln(1 - ${roll(key, stream)})) * cos(2 * pi() * ${roll(key, stream + 1)}))`,
  };
}

/** SQL that picks one of the names by their weights; `share` is a column from 0 to 1. */
export function pick(share: string, weights: Readonly<Record<string, number>>): string {
  const entries = Object.entries(weights);
  const total = entries.reduce((sum, [, weight]) => sum + weight, 0);
  let reached = 0;
  const branches = entries.slice(0, -1).map(([name, weight]) => {
    reached += weight / total;
    return `when ${share} < ${reached} then '${name}'`;
  });
  const [last] = entries.at(-1) ?? [''];
  return branches.length === 0 ? `'${last}'` : `case ${branches.join(' ')} else '${last}' end`;
}

/** SQL of the whole number at `share` of a distribution given by evenly spaced quantiles; `share` is a column. */
export function quantile(quantiles: readonly number[], share: string): string {
  const list = `'{${quantiles.join(',')}}'::int[]`;
  const place = `(${share} * ${quantiles.length - 1})`;
  const [low, high] = [`(${list})[1 + floor(${place})::int]`, `(${list})[2 + floor(${place})::int]`];
  return `round(${low} + (${high} - ${low}) * (${place} - floor(${place})))::int`;
}
