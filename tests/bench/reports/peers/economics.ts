import Big from 'big.js';
import { averageUsd, byKey, payingUsers, type Peer, type PeerRange, toUsd, usd, withDates, within } from './peer.ts';

const ledger = (range: PeerRange) => `from ai_usage where ${within('started_at', range)}`;
const paid = (range: PeerRange) => `from payments where ${within('paid_at', range)}`;
const refunded = (range: PeerRange) => `from payments where ${within('refunded_at', range)}`;
const inUse = (range: PeerRange) => `from interactions where ${within('"at"', range)} and handler <> 'chat_member'`;
const money = `count(*) as n, ${usd('value_usd')} as usd`;
const spent = `count(*) as n, ${usd('cost_usd')} as usd`;
const TOP_USERS = 10;

/** Economics: money over time, by plan, operation and source; users, conversion, what an active and a paying user cost, who costs most. */
export const economicsPeer: Peer = {
  statements: (range) => ({
    payments: `select ${money} ${paid(range)}`,
    refunds: `select ${money} ${refunded(range)}`,
    cost: `select ${spent}, ${usd('case when user_id is not null then cost_usd end')} as attributed_usd ${ledger(range)}`,
    active: `select count(distinct user_id) as n ${inUse(range)}`,
    paying: `select count(distinct user_id) as n from (${payingUsers(range)}) paying`,
    active_paying: `select count(distinct user_id) as n ${inUse(range)} and user_id in (${payingUsers(range)})`,
    paying_cost: `select ${usd('cost_usd')} as usd ${ledger(range)} and user_id in (${payingUsers(range)})`,
    new_users: `select count(*) as n from users where ${within('created_at', range)}`,
    converted: `select count(distinct user_id) as n from payments join users on users.id = user_id
      where ${within('paid_at', range)} and refunded_at is null and ${within('created_at', range)}`,
    new_paying: `select count(*) as n from (select user_id, min(paid_at) as first_at from payments where refunded_at is null group by 1) first
      where ${within('first_at', range)}`,
    cost_by_day: `select date_trunc('day', started_at) as day, ${spent} ${ledger(range)} group by 1`,
    payments_by_day: `select date_trunc('day', paid_at) as day, ${money} ${paid(range)} group by 1`,
    refunds_by_day: `select date_trunc('day', refunded_at) as day, ${money} ${refunded(range)} group by 1`,
    cost_by_plan: `select plan, ${spent} ${ledger(range)} group by 1`,
    cost_by_operation: `select operation, ${spent}, count(*) filter (where disposition = 'delivered') as delivered ${ledger(range)} group by 1`,
    cost_by_source: `select coalesce(source, '') as source, ${spent} from ai_usage left join users on users.id = user_id
      where ${within('started_at', range)} group by 1`,
    payments_by_source: `select source, ${money} from payments join users on users.id = user_id where ${within('paid_at', range)} group by 1`,
    signups_by_source: `select source, count(*) as n from users where ${within('created_at', range)} group by 1`,
    top_users: `select user_id, ${spent} ${ledger(range)} and user_id is not null group by 1 order by coalesce(sum(cost_usd), 0) desc, 1 limit ${TOP_USERS}`,
  }),
  figures: (answers) => {
    const list = (name: string) => answers[name] ?? [];
    const first = (name: string, column: string) => list(name)[0]?.[column] ?? null;
    const revenue = new Big(first('payments', 'usd') ?? 0).minus(first('refunds', 'usd') ?? 0);
    const single = ['active', 'paying', 'active_paying', 'new_users', 'converted', 'new_paying'];
    return {
      exact: {
        payments: toUsd(first('payments', 'usd')), refunds: toUsd(first('refunds', 'usd')), cost: toUsd(first('cost', 'usd')),
        revenue: revenue.toFixed(12), margin: revenue.minus(first('cost', 'usd') ?? 0).toFixed(12),
        payment_count: first('payments', 'n'), refund_count: first('refunds', 'n'), attempt_count: first('cost', 'n'),
        per_active: averageUsd(first('cost', 'attributed_usd'), first('active', 'n')),
        per_paying: averageUsd(first('paying_cost', 'usd'), first('active_paying', 'n')),
        ...Object.fromEntries(single.map((name) => [name, first(name, 'n')])),
        ...byKey(withDates(list('cost_by_day')), ['day'], 'cost of', 'usd', toUsd),
        ...byKey(withDates(list('payments_by_day')), ['day'], 'payments of', 'usd', toUsd),
        ...byKey(withDates(list('refunds_by_day')), ['day'], 'refunds of', 'usd', toUsd),
        ...byKey(list('cost_by_plan'), ['plan'], 'cost by plan of', 'usd', toUsd),
        ...byKey(list('cost_by_operation'), ['operation'], 'cost by operation of', 'usd', toUsd),
        ...byKey(list('cost_by_operation'), ['operation'], 'delivered of', 'delivered'),
        ...byKey(list('cost_by_source'), ['source'], 'cost by source of', 'usd', toUsd),
        ...byKey(list('payments_by_source'), ['source'], 'payments by source of', 'usd', toUsd),
        ...byKey(list('signups_by_source'), ['source'], 'sign-ups by source of', 'n'),
        ...byKey(list('top_users'), ['user_id'], 'cost of user', 'usd', toUsd),
      },
      near: {},
    };
  },
};
