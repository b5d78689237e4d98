import { sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import type { Executor } from '#db/client.ts';
import { BUDGET_PERIODS, BudgetAction } from '#server/contracts/budgets.ts';
import { nextPeriodDate, periodDatesOf } from './period.ts';

/** What is asked of the periods that run at an instant. */
export interface RunningAt {
  readonly now: Date;
  readonly reportingTimeZone: string;
}

/** Accounts with a reached step that are read at once; more users than that are told as that many. */
const REACHED_ACCOUNTS_MAX = 1_000;

const Event = z.object({
  id: z.number(),
  percent: z.number(),
  action: BudgetAction,
  limit_usd: z.string(),
  committed_usd: z.string(),
  fired_at: z.coerce.date(),
  lifted_at: z.coerce.date().nullable(),
});

const Row = z
  .object({
    budget_id: z.coerce.number(),
    user_id: z.coerce.number(),
    committed_usd: z.string(),
    reserved_usd: z.string().nullable(),
    account_count: z.coerce.number(),
    events: z.array(Event),
  })
  .transform((row) => ({
    budgetId: row.budget_id,
    /** 0 for all but budgets for each user. */
    userId: row.user_id,
    committedUsd: row.committed_usd,
    reservedUsd: row.reserved_usd,
    /** Those of the same budget with any use; one of a user who was refused may have none. */
    accountCount: row.account_count,
    events: row.events.map(({ id, percent, action, ...event }) => ({
      eventId: id,
      percent,
      action,
      limitUsd: event.limit_usd,
      committedUsd: event.committed_usd,
      firedAt: event.fired_at,
      liftedAt: event.lifted_at,
    })),
  }));

export type RunningAccount = z.infer<typeof Row>;
export type RunningEvent = RunningAccount['events'][number];

/**
 * Common table expressions of what runs now: `running`, the active budgets with the first day of their period and of the
 * next, and `accounts`, what each has committed, what is not folded in yet included.
 */
export function runningAccounts({ now, reportingTimeZone }: RunningAt): SQL {
  const dates = periodDatesOf(now, reportingTimeZone);
  const kinds = BUDGET_PERIODS.map((period) => sql`(${period}, ${dates[period]}::date, ${nextPeriodDate(dates[period], period)}::date)`);
  return sql`
    running as (
      select b.*, kind.period_date, kind.next_date
      from budgets b join (values ${sql.join(kinds, sql`, `)}) as kind(period, period_date, next_date) using (period)
      where b.archived_at is null
    ),
    moved as (
      select p.budget_id, p.user_id, p.committed_usd as amount_usd from running r join budget_periods p on (p.budget_id, p.period_date) = (r.id, r.period_date)
      union all
      select d.budget_id, d.user_id, d.amount_usd from running r join budget_deltas d on (d.budget_id, d.period_date) = (r.id, r.period_date)
      union all
      select id, 0, 0 from running where scope <> 'user'
    ),
    accounts as (select budget_id, user_id, sum(amount_usd)::numeric(20, 12) as committed_usd from moved group by 1, 2)`;
}

/** The most that the attempts of an account may cost whose cost is not known: a part of what it has committed. */
function reservedOf({ reportingTimeZone }: RunningAt): SQL {
  const startOf = (date: SQL) => sql`(${date}::timestamp at time zone ${reportingTimeZone})`;
  return sql`(
    select coalesce(sum(u.reserved_usd), 0)::numeric(20, 12)::text from ai_usage u
    where u.status in ('reserved', 'unknown') and u.started_at >= ${startOf(sql`r.period_date`)} and u.started_at < ${startOf(sql`r.next_date`)}
      and case r.scope when 'all' then true when 'user' then u.user_id = a.user_id when 'operation' then u.operation = r.scope_value
        when 'model' then u.model = r.scope_value else u.plan = r.scope_value end)`;
}

async function select(executor: Executor, at: RunningAt, part: { readonly where: SQL; readonly reserved: SQL; readonly limit: number }): Promise<RunningAccount[]> {
  const rows = await executor.execute(sql`
    with ${runningAccounts(at)},
    ranked as (
      select accounts.*, row_number() over (partition by budget_id order by committed_usd desc, user_id) as place, count(*) filter (where committed_usd > 0) over (partition by budget_id) as account_count
      from accounts
    )
    select a.budget_id, a.user_id, a.committed_usd::text, a.account_count, ${part.reserved} as reserved_usd, (
      select coalesce(jsonb_agg(jsonb_build_object('id', e.id, 'percent', e.percent, 'action', e.action, 'limit_usd', e.limit_usd::text,
        'committed_usd', e.committed_usd::text, 'fired_at', e.fired_at, 'lifted_at', e.lifted_at) order by e.id), '[]')
      from budget_events e where (e.budget_id, e.period_date, e.user_id) = (r.id, r.period_date, a.user_id)
    ) as events
    from ranked a join running r on r.id = a.budget_id
    where ${part.where}
    order by a.budget_id, a.place
    limit ${part.limit}`);
  return z.array(Row).parse([...rows]);
}

/** Of each active budget its account, or those of the users who used the most, the most first. */
export function listTopAccounts(executor: Executor, at: RunningAt, perBudgetMax: number, accountsMax: number): Promise<RunningAccount[]> {
  return select(executor, at, { where: sql`a.place <= ${perBudgetMax}`, reserved: reservedOf(at), limit: accountsMax });
}

/** The accounts with a step that has fired or whose threshold is reached, those that used the most of a budget first. */
export function listReachedAccounts(executor: Executor, at: RunningAt): Promise<RunningAccount[]> {
  const lowest = sql`(select min(step.percent) from jsonb_to_recordset(r.steps) as step(percent int))`;
  const hasEvent = sql`exists (select from budget_events e where (e.budget_id, e.period_date, e.user_id) = (r.id, r.period_date, a.user_id))`;
  const where = sql`(a.committed_usd * 100 >= r.limit_usd * ${lowest} or ${hasEvent})`;
  return select(executor, at, { where, reserved: sql`null`, limit: REACHED_ACCOUNTS_MAX });
}
