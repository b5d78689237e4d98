import { sql, type SQL } from 'drizzle-orm';
import type { Executor } from '../../client.ts';
import { rowsWithin, type Span } from './cover.ts';
import type { Share } from './user-sets.ts';

/** How a range is put together from UTC days of users; instants as Postgres reads them. */
export interface UserDaySpans {
  /** Every day that the range touches, whole: the first one, and the one behind the last. */
  readonly touched: Span;
  /** The days that lie in the range as a whole; from = to where there are none. */
  readonly whole: Span;
  /** What of the range lies in days that are cut; at most two. */
  readonly cuts: readonly Span[];
}

export interface DearUser {
  readonly userId: number;
  readonly costUsd: string;
  readonly attemptCount: number;
  /** Null: there is no such user any more. */
  readonly planNow: 'free' | 'premium' | null;
}

export interface DearestUsers {
  readonly users: readonly DearUser[];
  /** No user who was not looked at cost more in the range, and only one with an id above `boundUserId` cost as much. */
  readonly boundUsd: string;
  readonly boundUserId: number | null;
}

/** All of a share of the users who cost at least `costUsd` on a day, where `entranceUsd` is needed to be among the dearest: no less than `costUsd` on every day. */
export interface CostReach {
  readonly costUsd: string;
  readonly entranceUsd: string;
  readonly share: Share;
}

/** How far down the list of each day is read: so many users, or by what they cost. */
export type Reach = { readonly depth: number } | CostReach;

export interface DearestQuery {
  readonly spans: UserDaySpans;
  /** How many users are wanted. */
  readonly limit: number;
  readonly reach: Reach;
  readonly now: Date;
}

/** Users whose totals are made first, to learn how much it takes to be among the dearest: so many times those wanted. */
const PROBES = 3;

const isOfShare = (reach: Reach, userId: SQL) => ('share' in reach ? sql`${userId} % ${reach.share.count}::int = ${reach.share.index}::int` : sql`true`);

/**
 * What is read of the days: `bound` is what users cost at most whom no list shows, and the highest id of those who may have cost as
 * much; `listed` is by how much who is in a list cost more that day than whoever is not.
 */
function listDays(reach: Reach, { touched }: UserDaySpans): SQL {
  const days = sql`generate_series(${touched.from}::timestamptz, ${touched.to}::timestamptz - interval '24 hours', interval '24 hours') as day(at)`;
  if ('costUsd' in reach) {
    const last = sql`${reach.costUsd}::numeric`;
    return sql`
    bound as materialized (select ${last} * count(*) as usd, null::bigint as user_id from ${days}),
    listed as (
      select list.user_id, list.cost_usd - ${last} as usd
      from ${days} cross join lateral (
          select user_id, cost_usd from user_days where starts_at = day.at and cost_usd > 0 and cost_usd >= ${last} and ${isOfShare(reach, sql`user_id`)} offset 0
        ) as list
    )`;
  }
  return sql`
    lists as materialized (
      select day.at as day, list.user_id, list.cost_usd, list.place
      from ${days} cross join lateral (
          select user_id, cost_usd, row_number() over (order by cost_usd desc nulls last, user_id) as place from user_days
          where starts_at = day.at and cost_usd > 0 order by cost_usd desc nulls last, user_id limit ${reach.depth}::int
        ) as list
    ),
    ends as materialized (select day, user_id, cost_usd from lists where place = ${reach.depth}::int),
    bound as materialized (select coalesce(sum(cost_usd), 0) as usd, max(user_id) as user_id from ends),
    listed as (select lists.user_id, lists.cost_usd - coalesce(ends.cost_usd, 0) as usd from lists left join ends on ends.day = lists.day)`;
}

/** The exact total of each of some users: their whole days, what of those is not folded yet, and their raw rows of cut days. */
const totalsOf = (users: string, { whole, cuts }: UserDaySpans): SQL => sql`
  select c.user_id, coalesce(days.cost_usd, 0) + coalesce(pending.cost_usd, 0) + coalesce(cut.cost_usd, 0) as cost_usd,
    coalesce(days.attempt_count, 0) + coalesce(pending.attempt_count, 0) + coalesce(cut.attempt_count, 0) as attempt_count
  from ${sql.raw(users)} c left join pending on pending.user_id = c.user_id
    cross join lateral (
      select sum(r.cost_usd) as cost_usd, sum(r.attempt_count) as attempt_count from user_days r
      where r.user_id = c.user_id and r.starts_at >= ${whole.from}::timestamptz and r.starts_at < ${whole.to}::timestamptz
    ) as days
    cross join lateral (
      select sum(u.cost_usd) as cost_usd, count(*) as attempt_count
      from ${rowsWithin(cuts, { table: sql`ai_usage`, at: 'started_at', alias: 'u', where: sql`u.user_id = c.user_id` })}
    ) as cut`;

/**
 * The dearest users of a range, and what bounds all who were not looked at (the threshold algorithm: Fagin, Lotem and Naor,
 * PODS 2001). Of each day it reads the dearest, in the order of an index. Whoever is in no list cost at most what
 * the last of each list cost, together; changes that are not folded yet and raise somebody's cost are added. Of those who stand
 * highest by these bounds it makes the exact totals, a few rows each, by user and day, and learns what it takes to be among the dearest;
 * then of all others who may still be, unless the lists are too short to tell. A cut day's list bounds its part.
 */
export async function findDearestUsers(executor: Executor, { spans, limit, reach, now }: DearestQuery): Promise<DearestUsers> {
  const { touched, whole } = spans;
  const inSpan = ({ from, to }: Span) => sql`d.user_id is not null and d.at >= ${from}::timestamptz and d.at < ${to}::timestamptz`;
  const rows = await executor.execute<{ bound: string; bound_user: string | null; user_id: string | null; cost: string; attempts: string; plan: DearUser['planNow'] }>(sql`
    with ${listDays(reach, spans)}, raised as materialized (
      select d.user_id, sum(d.weight * coalesce(d.cost_usd, 0)) as usd from ledger_deltas d where ${inSpan(touched)} and ${isOfShare(reach, sql`d.user_id`)}
      group by d.user_id having sum(d.weight * coalesce(d.cost_usd, 0)) > 0
    ), pending as materialized (
      select d.user_id, sum(d.weight * coalesce(d.cost_usd, 0)) as cost_usd, sum(d.weight) as attempt_count from ledger_deltas d where ${inSpan(whole)} group by d.user_id
    ), candidates as materialized (
      select user_id, sum(usd) as above_bound
      from (
        select user_id, usd from listed
        union all
        select user_id, usd from raised
      ) as share group by user_id
    ), probes as materialized (
      select user_id from candidates order by above_bound desc limit ${limit * PROBES}::int
    ), probe_totals as materialized (${totalsOf('probes', spans)}), entrance as materialized (
      select greatest((select cost_usd from probe_totals order by cost_usd desc offset ${limit - 1}::int limit 1), ${'depth' in reach ? '0' : reach.entranceUsd}::numeric) as usd
    ), rest as materialized (
      select c.user_id from candidates c cross join bound cross join entrance
      where bound.usd <= entrance.usd and c.above_bound + bound.usd >= entrance.usd and not exists (select from probes where probes.user_id = c.user_id)
    ), dearest as (
      select * from (select * from probe_totals union all ${totalsOf('rest', spans)}) as total
      where cost_usd > 0 order by cost_usd desc, user_id limit ${limit}::int
    )
    select bound.usd::numeric(20,12) as bound, bound.user_id as bound_user, dearest.user_id, dearest.cost_usd::numeric(20,12) as cost, dearest.attempt_count as attempts,
      case when u.id is null or u.deleted_at is not null then null when u.premium_until > ${now.toISOString()}::timestamptz then 'premium' else 'free' end as plan
    from bound left join dearest on true
      left join lateral (select id, deleted_at, premium_until from users where id = dearest.user_id offset 0) as u on true
    order by dearest.cost_usd desc, dearest.user_id`);
  const [first] = rows;
  return {
    users: [...rows].flatMap(({ user_id, cost, attempts, plan }) =>
      user_id === null ? [] : [{ userId: Number(user_id), costUsd: cost, attemptCount: Number(attempts), planNow: plan }],
    ),
    boundUsd: first?.bound ?? '0',
    boundUserId: first?.bound_user == null ? null : Number(first.bound_user),
  };
}
