import { sql } from 'drizzle-orm';
import type { Executor } from '../../client.ts';
import { acquisitionParts } from './acquisition-parts.ts';
import { ints } from './arrays.ts';
import type { Cover } from './cover.ts';
import { interactionParts } from './interaction-parts.ts';
import { NOBODY, userSetParts } from './user-sets.ts';

export interface NewAndActive {
  /** In whose buckets users are looked at as new, and in whose as active. */
  readonly fresh: Cover;
  readonly active: Cover;
  /** Buckets of `fresh` and of `active` whose common users are counted. */
  readonly pairs: readonly { readonly fresh: number; readonly active: number }[];
}

/** Users by the number of the bucket, and users of both sides by the place of the pair; nobody: missing. `total` are all buckets together, where a user counts once. */
export interface NewAndActiveCounts {
  readonly fresh: ReadonlyMap<number, number>;
  readonly active: ReadonlyMap<number, number>;
  readonly both: ReadonlyMap<number, number>;
  readonly total: { readonly fresh: number; readonly active: number; readonly both: number };
}

/** New users, active ones, and who was new in one bucket and active in another one; every set is read once, whatever the number of pairs. */
export async function countNewAndActive(executor: Executor, { fresh, active, pairs }: NewAndActive): Promise<NewAndActiveCounts> {
  // Postgres unpacks what it has stored anew for each use: "|" has it unpacked once.
  const merged = (kind: 'active' | 'new', cover: Cover) =>
    sql`materialized (select bucket, chunk, bit_or(users) | ${NOBODY} as users from (${userSetParts(kind, cover)}) as part group by bucket, chunk)`;
  const all = (side: 'fresh' | 'active') => sql`(select chunk, bit_or(users) as users from ${sql.raw(side)} group by chunk)`;
  // The fences (`offset 0`) keep Postgres from joining all sets by their chunks alone, and from sorting with the sets at hand.
  const rows = await executor.execute<{ kind: 'fresh' | 'active' | 'both'; place: string | null; count: string | null }>(sql`
    with fresh as ${merged('new', fresh)}, active as ${merged('active', active)}, all_fresh as ${all('fresh')}, all_active as ${all('active')}
    select 'fresh' as kind, null::bigint as place, sum(bit_count(users)) as count from all_fresh
    union all select 'active', null, sum(bit_count(users)) from all_active
    union all select 'both', null, sum(bit_count(f.users & a.users)) from all_fresh f join all_active a using (chunk)
    union all select 'fresh', bucket, sum(bit_count(users)) from fresh group by bucket
    union all select 'active', bucket, sum(bit_count(users)) from active group by bucket
    union all select 'both', place - 1, sum(count) from (
      select f.place, bit_count(f.users & a.users) as count
      from (
        select pair.place, pair.active, fresh.chunk, fresh.users
        from unnest(${ints(pairs.map((pair) => pair.fresh))}, ${ints(pairs.map((pair) => pair.active))}) with ordinality as pair(fresh, active, place)
        join fresh on fresh.bucket = pair.fresh offset 0
      ) f join active a on a.bucket = f.active and a.chunk = f.chunk offset 0
    ) as look group by place`);
  const counts = { fresh: new Map<number, number>(), active: new Map<number, number>(), both: new Map<number, number>(), total: { fresh: 0, active: 0, both: 0 } };
  for (const { kind, place, count } of rows) {
    if (place === null) counts.total[kind] = Number(count);
    else counts[kind].set(Number(place), Number(count));
  }
  return counts;
}

/** Sign-ups of a range by source, those with the most by name and first; a `source` of null is all others. */
export async function countSignups(executor: Executor, cover: Cover, namedMax: number): Promise<{ source: string | null; count: number }[]> {
  const rows = await executor.execute<{ source: string | null; count: string }>(sql`
    with source_sums as (
      select source, sum(signup_count) as count from (${acquisitionParts(cover)}) as part where signup_count <> 0 group by source having sum(signup_count) <> 0
    ), ranked as (
      select *, row_number() over (order by count desc, source collate "C") as place from source_sums
    )
    select case when place <= ${namedMax} then source end as source, sum(count) as count from ranked group by 1 order by min(place)`);
  return [...rows].map(({ source, count }) => ({ source, count: Number(count) }));
}

/** What users did in a range: blocking and unblocking the bot is no use of it. */
export async function countUses(executor: Executor, cover: Cover): Promise<number> {
  const [row] = await executor.execute<{ count: string }>(sql`
    select coalesce(sum(interaction_count), 0) as count from (${interactionParts(cover)}) as part where handler <> 'chat_member'`);
  return Number(row?.count ?? 0);
}
