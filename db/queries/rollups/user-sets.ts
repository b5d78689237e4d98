import { sql, type SQL } from 'drizzle-orm';
import type { Executor } from '../../client.ts';
import { instants, ints } from './arrays.ts';
import { bucketOf, isFoldedSpan, LEVELS, unionParts, type Cover, type Level, type Span } from './cover.ts';

export type UserSetKind = 'active' | 'new' | 'failed';

/** A set with nobody in it. */
export const NOBODY = sql`B'0'::bit(32768)`;

/** The fence that `rowsWithin` has, too. */
const within = (at: string) => sql.raw(`${at} >= run.from_at and ${at} < run.to_at offset 0`);

/** Where the members of a set are found beside the rollups: in changes that are not folded yet, and in raw rows. */
const SOURCES: Record<UserSetKind, { readonly deltas: SQL; readonly raw: SQL }> = {
  active: {
    deltas: sql`select d.at, d.user_id, '' as key from interaction_deltas d where d.handler <> 'chat_member'`,
    raw: sql`select i.at, i.user_id, '' as key from interactions i where i.handler <> 'chat_member' and ${within('i.at')}`,
  },
  failed: {
    deltas: sql`select d.at, d.user_id, d.handler || '/' || coalesce(d.error_type, '') as key from interaction_deltas d where d.outcome = 'failed'`,
    raw: sql`select i.at, i.user_id, i.handler || '/' || coalesce(i.error_type, '') as key from interactions i where i.outcome = 'failed' and ${within('i.at')}`,
  },
  new: {
    deltas: sql`select d.at, d.user_id, '' as key from acquisition_deltas d where d.kind = 'signup'`,
    raw: sql`select u.created_at as at, u.id as user_id, '' as key from users u where ${within('u.created_at')}`,
  },
};

type NumberedSpan = Span & { readonly set: number };

const spanRows = (spans: readonly NumberedSpan[]) =>
  sql`unnest(${ints(spans.map(({ set }) => set))}, ${instants(spans.map(({ from }) => from))}, ${instants(spans.map(({ to }) => to))}) as run(set, from_at, to_at)`;

function numbered(covers: readonly Cover[], pick: (cover: Cover) => readonly Span[]): NumberedSpan[] {
  return covers.flatMap((cover, set) => pick(cover).map((span) => ({ ...span, set })));
}

/** What several covers have in common: each stretch of time once, by number of the group of sets that it belongs to. */
interface Shared {
  readonly groups: readonly (readonly number[])[];
  readonly spans: Readonly<Record<Level, readonly NumberedSpan[]>>;
}

/** Windows that end together hold the same rows: each row is to be read once, not once for each window. */
function shareSpans(covers: readonly Cover[]): Shared {
  const groups: number[][] = [];
  const numberOf = (sets: number[]): number => {
    const known = groups.findIndex((group) => group.join() === sets.join());
    return known === -1 ? groups.push(sets) - 1 : known;
  };
  const spansOf = (level: Level): NumberedSpan[] => {
    const runs = numbered(covers, (cover) => cover.runs[level]);
    // Of one level all instants are written alike, so that their texts are in order.
    const borders = [...new Set(runs.flatMap(({ from, to }) => [from, to]))].toSorted();
    return borders.slice(1).flatMap((to, index) => {
      const from = borders[index] ?? to;
      const sets = runs.filter((run) => run.from <= from && run.to >= to).map(({ set }) => set);
      return sets.length === 0 ? [] : [{ from, to, set: numberOf(sets) }];
    });
  };
  return { spans: { 0: spansOf(0), 1: spansOf(1), 2: spansOf(2), 3: spansOf(3) }, groups };
}

/** Every so manieth of the users, or of pieces of them, by which a question is split: no user is in two shares, so that counts of all shares add up. */
export interface Share {
  readonly index: number;
  readonly count: number;
}

const WHOLE: Share = { index: 0, count: 1 };

/**
 * Sets of users of one kind, one per cover, as named relations to build on: `<name>_bits(set, key, chunk, users)` of the
 * rollups, and `<name>_rest(set, key, user_id)` of whom else there is.
 */
export function userSetTables(name: string, kind: UserSetKind, covers: readonly Cover[], share = WHOLE): SQL {
  const { deltas, raw } = SOURCES[kind];
  const { groups, spans } = shareSpans(covers);
  const isOfShare = (chunk: string) => (share.count === 1 ? sql`true` : sql.raw(`${chunk} % ${share.count} = ${share.index}`));
  const branch = (level: Level) => sql`
    select run.set, s.key, s.chunk, s.users from ${spanRows(spans[level])}
    cross join lateral (select * from user_sets s where s.level = ${sql.raw(String(level))} and s.kind = ${sql.raw(`'${kind}'`)}
      and s.starts_at >= run.from_at and s.starts_at < run.to_at and ${isOfShare('s.chunk')} offset 0) as s`;
  const members = groups.flatMap((sets, group) => sets.map((set) => ({ group, set })));
  return sql`
    ${sql.raw(`${name}_pieces`)} as materialized (
      select set as piece, key, chunk, bit_or(users) as users from (${sql.join(LEVELS.map(branch), sql` union all `)}) as part group by set, key, chunk
    ), ${sql.raw(`${name}_bits`)} as materialized (
      select member.set, key, chunk, bit_or(users) as users from unnest(${ints(members.map(({ group }) => group))}, ${ints(members.map(({ set }) => set))}) as member(piece, set)
      join ${sql.raw(`${name}_pieces`)} using (piece) group by member.set, key, chunk
    ), ${sql.raw(`${name}_rest`)} as materialized (
      select distinct c.set, c.key, c.user_id from (
        select run.set, t.key, t.user_id from ${spanRows(numbered(covers, ({ folded }) => [folded]))}
        join (${deltas}) as t on t.at >= run.from_at and t.at < run.to_at where ${isOfShare('(t.user_id >> 15)')}
        union all
        select run.set, t.key, t.user_id from ${spanRows(numbered(covers, (cover) => cover.raw))}
        cross join lateral (${raw}) as t where ${isOfShare('(t.user_id >> 15)')}
      ) as c left join ${sql.raw(`${name}_bits`)} b on b.set = c.set and b.key = c.key and b.chunk = (c.user_id >> 15)::int
      where ${isNotIn(sql`c.user_id`)}
    )`;
}

/**
 * Sets of users of one kind with a single key (`active`, `new`), one per bucket of a cover, as a relation: `bucket`, `chunk`
 * and `users`, bits to be brought together by `bit_or`. Where buckets follow one another this is less work than a cover for each.
 */
export function userSetParts(kind: 'active' | 'new', cover: Cover): SQL {
  const { deltas, raw } = SOURCES[kind];
  const members = (rows: SQL) => sql`select bucket, (user_id >> 15)::int, set_bit(${NOBODY}, (user_id & 32767)::int, 1) from (${rows}) as member`;
  const member = sql`select distinct ${bucketOf(sql`t.at`, cover)} as bucket, t.user_id`;
  return unionParts(cover, {
    rollups: sql`user_sets`,
    columns: sql`r.chunk, r.users`,
    where: sql.raw(`r.kind = '${kind}'`),
    rest: [
      members(sql`${member} from (${deltas}) as t where ${isFoldedSpan(sql`t.at`, cover)}`),
      members(sql`${member} from ${spanRows(numbered([cover], (each) => each.raw))} cross join lateral (${raw}) as t`),
    ],
  });
}

/** Whether a user is not among the bits `b` of a set already. */
export const isNotIn = (userId: SQL) => sql`(b.users is null or get_bit(b.users, (${userId} & 32767)::int) = 0)`;

/** How many users are in each of the sets of `userSetTables`, as a query: `set`, `key`, `count`; sets without anybody may be missing. */
export function countedSets(name: string): SQL {
  const [bits, rest] = [sql.raw(`${name}_bits`), sql.raw(`${name}_rest`)];
  return sql`
    select set, key, sum(n) as count from (
      select set, key, bit_count(users) as n from ${bits}
      union all
      select set, key, 1 from ${rest}
    ) as counts group by set, key`;
}

/** How many users did something themselves in each of some ranges, by their places in `covers`. */
export async function countActive(executor: Executor, covers: readonly Cover[]): Promise<number[]> {
  const rows = await executor.execute<{ set: number; count: string }>(sql`with ${userSetTables('active', 'active', covers)} ${countedSets('active')}`);
  const counts = new Map([...rows].map(({ set, count }) => [set, Number(count)]));
  return covers.map((_, set) => counts.get(set) ?? 0);
}
