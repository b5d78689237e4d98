import type { Dice } from './dice.ts';

/** The heaviest users are this share of all; from there on use falls with the rank, as Zipf found it. */
const HEAVY_SHARE = 1 / 400;
/** Of all sittings, those of users who came lately: they try out what they found, and most of them stop. */
const NEWCOMER_SHARE = 0.15;
const NEWCOMERS_SHARE = 1 / 40;
/** Prime, and so a permutation of the users: who is heavy has nothing to do with who came first. */
const STRIDE = 7_919;

/** SQL of the user of a `sitting`, one of the `known_user_count` first. */
export function personOf({ roll, userCount }: { readonly roll: Dice['roll']; readonly userCount: number }): string {
  const heavy = Math.max(1, userCount * HEAVY_SHARE);
  const rank = `floor(${heavy} * power(${(userCount + heavy) / heavy}, ${roll('sitting', 31)}) - ${heavy})::bigint`;
  const regular = `(1 + (${rank} * ${STRIDE}) % ${userCount})`;
  const newcomer = `(known_user_count - floor(power(${roll('sitting', 32)}, 2) * least(known_user_count, ${Math.ceil(userCount * NEWCOMERS_SHARE)}))::bigint)`;
  return `(case when ${roll('sitting', 33)} < ${NEWCOMER_SHARE} then ${newcomer}
    else case when ${regular} <= known_user_count then ${regular} else 1 + ${regular} % known_user_count end end)`;
}
