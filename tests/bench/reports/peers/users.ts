import { byKey, daysBefore, instant, type Peer, type PeerRange, withDates, within } from './peer.ts';

const DAY_MS = 86_400_000;
const active = `handler <> 'chat_member'`;
const inUse = (range: PeerRange) => `from interactions where ${within('"at"', range)} and ${active}`;
const activeSince = (at: Date) => `count(distinct user_id) filter (where "at" > ${instant(at)})`;
/** Days after the first one on which a user is looked for again. */
const RETENTION_DAYS = [1, 7, 30];

/** The whole days of a range: what can be told of cohorts. */
const wholeDays = ({ from, to }: PeerRange): PeerRange => ({
  from: new Date(Math.ceil(from.getTime() / DAY_MS) * DAY_MS),
  to: new Date(Math.floor(to.getTime() / DAY_MS) * DAY_MS),
});

/** Users: who is active now and was on each day, who is new and who returned, where they came from, and how many of each day's newcomers came back. */
export const usersPeer: Peer = {
  statements: (range) => ({
    activity: `select ${[1, 7, 30].map((days) => `${activeSince(daysBefore(range.to, days))} as active_${days}`).join(', ')}
      from interactions where "at" > ${instant(daysBefore(range.to, 30))} and "at" <= ${instant(range.to)} and ${active}`,
    range_active: `select count(distinct user_id) as n, count(*) as uses ${inUse(range)}`,
    returning: `select count(distinct user_id) as n from interactions join users on users.id = user_id
      where ${within('"at"', range)} and ${active} and created_at < ${instant(range.from)}`,
    by_day: `select date_trunc('day', "at") as day, count(distinct user_id) as n ${inUse(range)} group by 1`,
    returning_by_day: `select date_trunc('day', "at") as day, count(distinct user_id) as n from interactions join users on users.id = user_id
      where ${within('"at"', range)} and ${active} and (created_at < ${instant(range.from)} or date_trunc('day', created_at) < date_trunc('day', "at")) group by 1`,
    new_by_day: `select date_trunc('day', created_at) as day, count(*) as n from users where ${within('created_at', range)} group by 1`,
    by_source: `select source, count(*) as n from users where ${within('created_at', range)} group by 1`,
    cohorts: `select date_trunc('day', created_at) as day, count(*) as n from users where ${within('created_at', wholeDays(range))} group by 1`,
    retention: `select date_trunc('day', created_at) as day, ${RETENTION_DAYS.map((days) => `count(distinct user_id)
        filter (where date_trunc('day', "at") = date_trunc('day', created_at) + interval '${days} days') as d${days}`).join(', ')}
      from interactions join users on users.id = user_id
      where ${within('"at"', wholeDays(range))} and ${active} and ${within('created_at', wholeDays(range))} group by 1`,
  }),
  figures: (answers) => {
    const list = (name: string) => answers[name] ?? [];
    return {
      exact: {
        ...list('activity')[0],
        ...byKey(list('range_active'), [], 'active', 'n'),
        ...byKey(list('range_active'), [], 'uses', 'uses'),
        ...byKey(list('returning'), [], 'returning', 'n'),
        ...byKey(withDates(list('by_day')), ['day'], 'active on', 'n'),
        ...byKey(withDates(list('returning_by_day')), ['day'], 'returning on', 'n'),
        ...byKey(withDates(list('new_by_day')), ['day'], 'new on', 'n'),
        ...byKey(list('by_source'), ['source'], 'new from', 'n'),
        ...byKey(withDates(list('cohorts')), ['day'], 'cohort of', 'n'),
        ...Object.assign({}, ...RETENTION_DAYS.map((days) => byKey(withDates(list('retention')), ['day'], `back after ${days} days of`, `d${days}`))),
      },
      near: {},
    };
  },
};
