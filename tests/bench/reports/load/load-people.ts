import type postgres from 'postgres';
import { createDice } from './dice.ts';
import { DAYS, type PlannedHour } from './plan-hours.ts';

const PAID_SHARE = 0.025;
const OLD_USER_DAYS = 360;
/** The earliest payment lies this far before the first hour: its month reaches into the range. */
const PAID_BEFORE_DAYS = 25;
const MONTHS_MAX = 4;

export interface Past {
  readonly hours: readonly PlannedHour[];
  readonly endsAt: Date;
  readonly userCount: number;
  readonly seed: number;
}

/** Lays down the tables that the rest is made from, in a schema of their own: the hours, the people, what they paid. */
export async function preparePast(sql: postgres.Sql, { hours, endsAt, userCount, seed }: Past): Promise<void> {
  const { roll } = createDice(seed);
  const end = `'${endsAt.toISOString()}'::timestamptz`;
  await sql.unsafe('drop schema if exists bench_load cascade; create schema bench_load');
  await sql.unsafe(`create unlogged table bench_load.hours (
    index int primary key, starts_at timestamptz, ledger_count int, interaction_count int, known_user_count int, sitting_count int,
    next_known_user_count int)`);
  const rows = hours.map((hour, index) => ({
    index: hour.index, starts_at: hour.startsAt.toISOString(), ledger_count: hour.ledgerCount, interaction_count: hour.interactionCount,
    known_user_count: hour.knownUserCount, sitting_count: hour.sittingCount, next_known_user_count: hours[index + 1]?.knownUserCount ?? userCount,
  }));
  await sql`insert into bench_load.hours select * from jsonb_populate_recordset(null::bench_load.hours, ${JSON.stringify(rows)}::text::jsonb)`;
  await sql.unsafe(`create unlogged table bench_load.people as
    select id::bigint, starts_at - (old_count + 1 - id) * interval '${OLD_USER_DAYS} days' / old_count as created_at, false as is_new
    from (select starts_at, known_user_count as old_count from bench_load.hours where index = 0) first, generate_series(1, old_count) id
    union all
    select known_user_count + p, starts_at + floor(3600000.0 * p / (1 + next_known_user_count - known_user_count))::int * interval '1 ms', true
    from bench_load.hours, generate_series(1, next_known_user_count - known_user_count) p`);
  // A month follows the one before it at once, paid a day early by some; or, for those who lapse, after a gap.
  await sql.unsafe(`create unlogged table bench_load.paid as
    with payer as (
      select id, greatest(created_at, ${end} - interval '${DAYS + PAID_BEFORE_DAYS} days') as since,
        1 + floor(${roll('id', 51)} * ${MONTHS_MAX})::int as months
      from bench_load.people where ${roll('id', 50)} < ${PAID_SHARE}
    ), month as (
      select id, k, since + ${roll('id', 52)} * (${end} - since) as first_at,
        case when k > 0 and ${roll('id * 8 + k', 53)} < 0.2 then 3 + ${roll('id * 8 + k', 54)} * 20 else 0 end as gap_days,
        ${roll('id * 8 + k', 55)} < 0.5 as is_early
      from payer, generate_series(0, months - 1) k
    ), period as (
      select *, date_trunc('second', first_at) + (k * 30 + sum(gap_days) over (partition by id order by k)) * interval '1 day' as starts_at from month
    ), paid as (
      select id, k, starts_at, starts_at - case when k > 0 and gap_days = 0 and is_early then interval '1 day' else interval '0' end as paid_at from period
    )
    select id as user_id, date_trunc('milliseconds', paid_at) as paid_at, date_trunc('milliseconds', starts_at) as starts_at,
      date_trunc('milliseconds', starts_at) + interval '30 days' as ends_at,
      case when k = max(k) over (partition by id) and ${roll('id', 56)} < 0.05 and paid_at + interval '2 days' < ${end}
        then date_trunc('milliseconds', paid_at) + interval '2 days' end as refunded_at
    from paid where paid_at < ${end}`);
  await sql.unsafe('analyze bench_load.hours, bench_load.people, bench_load.paid');
}
