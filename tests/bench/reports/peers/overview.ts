import { averageUsd, byKey, daysBefore, instant, payingUsers, type Peer, percentile, toNumber, total, toUsd, usd, withDates, within } from './peer.ts';

const COUNTS = ['total_count', 'settled_count', 'void_count', 'reserved_count', 'unknown_count', 'prompt', 'completion', 'cached_prompt', 'reasoning'];
const active = "handler <> 'chat_member'";

/** The overview: active users, cost and its parts, attempts, tokens, cost by day and by operation, interactions, percentiles. */
export const overviewPeer: Peer = {
  statements: (range) => {
    const inLedger = `from ai_usage where ${within('started_at', range)}`;
    const inUse = `from interactions where ${within('"at"', range)}`;
    const since = (days: number) => `count(distinct user_id) filter (where "at" > ${instant(daysBefore(range.to, days))})`;
    return {
      activity: `select ${since(1)} as dau, ${since(7)} as wau, ${since(30)} as mau from interactions
        where "at" > ${instant(daysBefore(range.to, 30))} and "at" <= ${instant(range.to)} and ${active}`,
      sums: `select ${usd('cost_usd')} as total_usd, count(*) as total_count,
        ${['billed', 'lookup', 'estimated'].map((source) => `${usd(`case when cost_source = '${source}' then cost_usd end`)} as ${source}_usd`).join(', ')},
        ${usd('case when user_id is not null then cost_usd end')} as attributed_usd,
        ${['settled', 'void', 'reserved', 'unknown'].map((status) => `count(*) filter (where status = '${status}') as ${status}_count`).join(', ')},
        ${['prompt', 'completion', 'cached_prompt', 'reasoning'].map((kind) => `${total(`${kind}_tokens`)} as ${kind}`).join(', ')} ${inLedger}`,
      by_day: `select date_trunc('day', started_at) as day, ${usd('cost_usd')} as cost_usd, count(*) as attempt_count ${inLedger} group by 1 order by 1`,
      by_operation: `select operation, ${usd('cost_usd')} as cost_usd, count(*) as attempt_count, count(error_type) as failed_count,
        ${total('prompt_tokens + completion_tokens')} as token_count ${inLedger} group by 1`,
      generation_p95: `select ${percentile(0.95, 'duration_ms')} as p95 ${inLedger}`,
      interactions: `select count(*) as total_count, count(*) filter (where outcome = 'failed') as failed_count,
        count(distinct user_id) filter (where ${active}) as user_count, ${percentile(0.95, 'duration_ms')} as p95 ${inUse}`,
      paying: `select count(distinct user_id) as user_count ${inUse} and ${active} and user_id in (${payingUsers(range)})`,
      paying_cost: `select ${usd('cost_usd')} as cost_usd ${inLedger} and user_id in (${payingUsers(range)})`,
    };
  },
  figures: ({ activity, sums, by_day, by_operation, generation_p95, interactions, paying, paying_cost }) => {
    const [ledger, use] = [sums?.[0] ?? {}, interactions?.[0] ?? {}];
    const exact = {
      ...activity?.[0],
      ...Object.fromEntries(['total_usd', 'billed_usd', 'lookup_usd', 'estimated_usd'].map((name) => [name, toUsd(ledger[name])])),
      average_usd: averageUsd(ledger['total_usd'], ledger['settled_count']),
      per_active_usd: averageUsd(ledger['attributed_usd'], use['user_count']),
      per_paying_usd: averageUsd(paying_cost?.[0]?.['cost_usd'], paying?.[0]?.['user_count']),
      active_count: use['user_count'] ?? null, paying_count: paying?.[0]?.['user_count'] ?? null,
      ...Object.fromEntries(COUNTS.map((name) => [name, ledger[name] ?? null])),
      interaction_count: use['total_count'] ?? null, failed_count: use['failed_count'] ?? null,
      ...byKey(withDates(by_day), ['day'], 'cost of', 'cost_usd', toUsd),
      ...byKey(by_operation ?? [], ['operation'], 'cost of', 'cost_usd', toUsd),
      ...byKey(by_operation ?? [], ['operation'], 'attempts of', 'attempt_count'),
      ...byKey(by_operation ?? [], ['operation'], 'failures of', 'failed_count'),
      ...byKey(by_operation ?? [], ['operation'], 'tokens of', 'token_count'),
    };
    return { exact, near: { generation_p95: toNumber(generation_p95?.[0]?.['p95']), interaction_p95: toNumber(use['p95']) } };
  },
};
