import { byKey, type Peer, type PeerRange, toUsd, total, usd, withDates, within } from './peer.ts';

/** What cost is split by, with the column of each. */
export const COST_COLUMNS = { operation: 'operation', model: 'model', plan: 'plan', costSource: 'cost_source', disposition: 'disposition' } as const;

const COUNTS = [
  'attempt_count', 'settled_count', 'void_count', 'reserved_count', 'unknown_count', 'prompt_tokens', 'completion_tokens', 'cached_prompt_tokens',
  'reasoning_tokens',
];

const sums = `${usd('cost_usd')} as cost_usd, count(*) as attempt_count,
  ${['settled', 'void', 'reserved', 'unknown'].map((status) => `count(*) filter (where status = '${status}') as ${status}_count`).join(', ')},
  ${['billed', 'lookup', 'estimated'].map((source) => `${usd(`case when cost_source = '${source}' then cost_usd end`)} as ${source}_usd`).join(', ')},
  ${['prompt', 'completion', 'cached_prompt', 'reasoning'].map((kind) => `${total(`${kind}_tokens`)} as ${kind}_tokens`).join(', ')}`;
const from = (range: PeerRange) => `from ai_usage where ${within('started_at', range)}`;

/** Costs: the whole, by day and operation, and by each dimension. */
export const costsPeer: Peer = {
  statements: (range) => ({
    whole: `select ${sums} ${from(range)}`,
    by_day: `select date_trunc('day', started_at) as day, ${usd('cost_usd')} as cost_usd, count(*) as attempt_count ${from(range)} group by 1`,
    by_day_and_operation: `select date_trunc('day', started_at) as day, operation, ${usd('cost_usd')} as cost_usd ${from(range)} group by 1, 2`,
    ...Object.fromEntries(Object.entries(COST_COLUMNS).map(([name, column]) => [name, `select ${column}, ${sums} ${from(range)} group by 1`])),
  }),
  figures: ({ whole, by_day, by_day_and_operation, ...parts }) => ({
    exact: {
      ...byKey(whole ?? [], [], 'cost', 'cost_usd', toUsd),
      ...Object.assign({}, ...['billed_usd', 'lookup_usd', 'estimated_usd'].map((column) => byKey(whole ?? [], [], column, column, toUsd))),
      ...Object.assign({}, ...COUNTS.map((column) => byKey(whole ?? [], [], column, column))),
      ...byKey(withDates(by_day), ['day'], 'cost of', 'cost_usd', toUsd),
      ...byKey(withDates(by_day), ['day'], 'attempts of', 'attempt_count'),
      ...byKey(withDates(by_day_and_operation), ['day', 'operation'], 'cost of', 'cost_usd', toUsd),
      ...Object.assign({}, ...Object.entries(COST_COLUMNS).flatMap(([name, column]) => [
        byKey(parts[name] ?? [], [column], `cost by ${name} of`, 'cost_usd', toUsd),
        byKey(parts[name] ?? [], [column], `attempts by ${name} of`, 'attempt_count'),
      ])),
    },
    near: {},
  }),
};
