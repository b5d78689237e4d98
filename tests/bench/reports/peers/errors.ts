import { byKey, type Peer, type PeerRange, withDates, within } from './peer.ts';

const use = (range: PeerRange) => `from interactions where ${within('"at"', range)}`;
const failures = (range: PeerRange) => `${use(range)} and outcome = 'failed'`;
const attempts = (range: PeerRange) => `from ai_usage where ${within('started_at', range)}`;
const EXAMPLES = 20;

/** Errors: by handler and type, over time, users hit, the models' own errors, the last examples. */
export const errorsPeer: Peer = {
  statements: (range) => ({
    whole: `select count(*) as n, count(*) filter (where outcome = 'failed') as failed, count(*) filter (where outcome = 'limited') as limited ${use(range)}`,
    users_hit: `select count(distinct user_id) as n ${failures(range)}`,
    by_type: `select handler, error_type, count(*) as n, count(distinct user_id) as users ${failures(range)} group by 1, 2`,
    by_handler: `select handler, count(*) as n, count(*) filter (where outcome = 'failed') as failed,
      count(distinct user_id) filter (where outcome = 'failed') as users ${use(range)} group by 1`,
    by_day: `select date_trunc('day', "at") as day, count(*) as n, count(*) filter (where outcome = 'failed') as failed ${use(range)} group by 1`,
    by_day_and_type: `select date_trunc('day', "at") as day, handler, error_type, count(*) as n ${failures(range)} group by 1, 2, 3`,
    attempts: `select count(*) as n, count(error_type) as failed ${attempts(range)}`,
    attempts_by_type: `select operation, model, error_type, count(*) as n ${attempts(range)} and error_type is not null group by 1, 2, 3`,
    examples: `select "at", handler, error_type, operation, user_id, duration_ms ${failures(range)} order by "at" desc, id desc limit ${EXAMPLES}`,
  }),
  figures: (answers) => {
    const list = (name: string) => answers[name] ?? [];
    return {
      exact: {
        ...byKey(list('whole'), [], 'interactions', 'n'),
        ...byKey(list('whole'), [], 'failures', 'failed'),
        ...byKey(list('whole'), [], 'limited', 'limited'),
        ...byKey(list('users_hit'), [], 'users hit', 'n'),
        ...byKey(list('by_type'), ['handler', 'error_type'], 'failures of', 'n'),
        ...byKey(list('by_type'), ['handler', 'error_type'], 'users hit by', 'users'),
        ...byKey(list('by_handler'), ['handler'], 'interactions of', 'n'),
        ...byKey(list('by_handler'), ['handler'], 'users hit in', 'users'),
        ...byKey(withDates(list('by_day')), ['day'], 'interactions on', 'n'),
        ...byKey(withDates(list('by_day')), ['day'], 'failures on', 'failed'),
        ...byKey(list('attempts'), [], 'attempts', 'n'),
        ...byKey(list('attempts'), [], 'failed attempts', 'failed'),
        ...Object.fromEntries(list('examples').map((row, index) => [`example ${index}`, `${row['handler']} ${row['error_type']} ${row['user_id']}`])),
      },
      near: {},
    };
  },
};
