import { sql } from 'drizzle-orm';
import type { Executor } from '../../client.ts';
import { acquisitionParts } from './acquisition-parts.ts';
import type { Cover } from './cover.ts';
import { interactionParts } from './interaction-parts.ts';
import { userSetTables, type UserSetKind } from './user-sets.ts';

export interface SetPair {
  readonly left: Cover;
  readonly right: Cover;
}

export interface PairCounts {
  readonly left: number;
  readonly right: number;
  readonly both: number;
}

/** A set with nobody in it. */
const NOBODY = sql`B'0'::bit(32768)`;

/** All members of some sets as bits, whether the rollups hold them yet or not. */
const full = (name: string) => {
  const [bits, rest] = [sql.raw(`${name}_bits`), sql.raw(`${name}_rest`)];
  return sql`${sql.raw(`${name}_full`)} as materialized (
    select set, chunk, bit_or(users) as users from (
      select set, chunk, users from ${bits}
      union all
      select set, (user_id >> 15)::int, set_bit(${NOBODY}, (user_id & 32767)::int, 1) from ${rest}
    ) as part group by set, chunk
  )`;
};

/** Of each pair of sets how many users are in the one, in the other and in both; kinds with a single key (`active`, `new`) only. */
export async function countPairs(executor: Executor, left: UserSetKind, right: UserSetKind, pairs: readonly SetPair[]): Promise<PairCounts[]> {
  if (pairs.length === 0) return [];
  const rows = await executor.execute<{ set: number; left: string; right: string; both: string }>(sql`
    with ${userSetTables('one', left, pairs.map((pair) => pair.left))}, ${full('one')},
      ${userSetTables('other', right, pairs.map((pair) => pair.right))}, ${full('other')}
    select set, coalesce(sum(bit_count(a.users)), 0) as "left", coalesce(sum(bit_count(b.users)), 0) as "right", coalesce(sum(bit_count(a.users & b.users)), 0) as both
    from one_full a full join other_full b using (set, chunk) group by set`);
  const bySet = new Map([...rows].map((row) => [row.set, { left: Number(row.left), right: Number(row.right), both: Number(row.both) }]));
  return pairs.map((_, set) => bySet.get(set) ?? { left: 0, right: 0, both: 0 });
}

/** Sign-ups of a range by source, the most first. */
export async function countSignups(executor: Executor, cover: Cover): Promise<{ source: string; count: number }[]> {
  const rows = await executor.execute<{ source: string; count: string }>(sql`
    select source, sum(signup_count) as count from (${acquisitionParts(cover)}) as part group by source having sum(signup_count) > 0 order by 2 desc, source`);
  return [...rows].map(({ source, count }) => ({ source, count: Number(count) }));
}

/** What users did in a range: blocking and unblocking the bot is no use of it. */
export async function countUses(executor: Executor, cover: Cover): Promise<number> {
  const [row] = await executor.execute<{ count: string }>(sql`
    select coalesce(sum(interaction_count) filter (where handler <> 'chat_member'), 0) as count from (${interactionParts(cover)}) as part`);
  return Number(row?.count ?? 0);
}
