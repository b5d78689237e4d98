import { byKey, latency, latencyFigures, mergeFigures, type Peer, type PeerRange, withDates, within } from './peer.ts';

const SLOT_MS = 300_000;
const PERCENTS = [50, 95];

/** Runs are not read one by one: the five minutes that a range cuts count as a whole. */
const inSlots = ({ from, to }: PeerRange): string =>
  within('started_at', { from: new Date(Math.floor(from.getTime() / SLOT_MS) * SLOT_MS), to: new Date(Math.ceil(to.getTime() / SLOT_MS) * SLOT_MS) });

/** Jobs: runs of schedules by outcome, in all and by day, how long they took, and the last run of each. */
export const jobsPeer: Peer = {
  statements: (range) => ({
    by_outcome: `select schedule, outcome, count(*) as n from schedule_runs where ${inSlots(range)} group by 1, 2`,
    by_day: `select date_trunc('day', started_at) as day, outcome, count(*) as n from schedule_runs where ${inSlots(range)} group by 1, 2`,
    durations: `select schedule, ${latency('took_ms', PERCENTS)} from (
      select schedule, cast(round(1000 * extract(epoch from finished_at - started_at)) as integer) as took_ms from schedule_runs where ${inSlots(range)}) run group by 1`,
    last_runs: `select schedule, max(started_at) as last_at, max(finished_at) filter (where outcome = 'ok') as last_success_at,
      max(finished_at) filter (where outcome = 'failed') as last_failure_at from schedule_runs group by 1`,
  }),
  figures: ({ by_outcome, by_day, durations }) => {
    const exact = { ...byKey(by_outcome ?? [], ['schedule', 'outcome'], 'runs of', 'n'), ...byKey(withDates(by_day), ['day', 'outcome'], 'runs of', 'n') };
    return mergeFigures({ exact, near: {} }, latencyFigures(durations, ['schedule'], 'schedule', PERCENTS));
  },
};
