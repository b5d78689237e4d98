import type postgres from 'postgres';
import { createDice, pick } from './dice.ts';
import type { Past } from './load-people.ts';

const SOURCES = { direct: 46, ads: 18, instagram: 14, friend: 12, search: 7, partner: 3 };
const SIGNS = ['aries', 'taurus', 'gemini', 'cancer', 'leo', 'virgo', 'libra', 'scorpio', 'sagittarius', 'capricorn', 'aquarius', 'pisces'];
const RUSSIAN_SHARE = 0.8;
const STARS = 250;
/** Seconds between the runs of each schedule. */
const SCHEDULES = {
  reconcile_generations: 60, send_budget_notices: 60, measure_drift: 900, delete_expired: 3_600, trim_health_history: 3_600, refresh_prices: 3_600,
  make_partitions: 86_400, measure_activity: 86_400,
};
/** As long as the product keeps them. */
const SCHEDULE_RUN_DAYS = 30;
const FAILED_RUN_SHARE = 0.004;

/** Users as they are after all that they did; so they come after their interactions. No trigger may fire. */
export async function loadUsers(sql: postgres.Sql, { seed }: Past): Promise<void> {
  const { roll } = createDice(seed);
  await sql.unsafe(`insert into users (id, telegram_user_id, language, zodiac_sign, source, premium_until, created_at, last_active_at)
    overriding system value
    select id, 7000000000 + id, case when ${roll('id', 60)} < ${RUSSIAN_SHARE} then 'ru' else 'en' end,
      ('{${SIGNS.join(',')}}'::text[])[1 + floor(${roll('id', 61)} * 12)::int], ${pick(roll('id', 62), SOURCES)},
      premium_until, created_at, coalesce(last_active_at, created_at)
    from bench_load.people
    left join (select user_id as id, max(at) as last_active_at from interactions where handler <> 'chat_member' group by 1) seen using (id)
    left join (select user_id as id, max(ends_at) as premium_until from bench_load.paid where refunded_at is null group by 1) paid using (id)
    order by id`);
  await sql.unsafe(`select setval(pg_get_serial_sequence('users', 'id'), (select max(id) from users))`);
}

/** Payments and runs of schedules. They are few, and triggers may fire as in service: no rebuild knows of runs that were deleted since. */
export async function loadPaymentsAndRuns(sql: postgres.Sql, { endsAt, seed }: Past): Promise<void> {
  const { roll } = createDice(seed);
  const end = `'${endsAt.toISOString()}'::timestamptz`;
  await sql.unsafe(`insert into payments (telegram_payment_charge_id, user_id, plan, stars, value_usd, paid_at, period_ends_at, refunded_at)
    select 'bench-' || user_id || '-' || row_number() over (order by paid_at, user_id), user_id, 'premium', ${STARS},
      case when paid_at < ${end} - interval '60 days' then 3.0 else 3.25 end, paid_at, ends_at, refunded_at
    from bench_load.paid order by paid_at, user_id`);
  for (const [index, [schedule, seconds]] of Object.entries(SCHEDULES).entries()) {
    const every = `interval '${seconds} seconds'`;
    const due = `date_bin(${every}, ${end} - interval '${SCHEDULE_RUN_DAYS} days', '2000-01-01T00:00:00Z') + n * ${every}`;
    await sql.unsafe(`insert into schedule_runs (schedule, due_at, started_at, finished_at, outcome)
      select '${schedule}', due_at, due_at + ${roll('n', 70)} * interval '1 second', due_at + (1 + ${roll('n', 71)} * ${roll('n', 72)} * 4) * interval '1 second',
        case when ${roll('n', 80 + index)} < ${FAILED_RUN_SHARE} then 'failed' else 'ok' end
      from (select n::bigint, ${due} as due_at from generate_series(1, ${Math.floor((SCHEDULE_RUN_DAYS * 86_400) / seconds)}) n) run
      where due_at + interval '5 seconds' < ${end}`);
  }
}
