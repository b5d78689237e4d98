import { byKey, latency, latencyFigures, mergeFigures, type Peer, type PeerRange, withDates, within } from './peer.ts';

const ledger = (range: PeerRange) => `from ai_usage where ${within('started_at', range)}`;
const use = (range: PeerRange) => `from interactions where ${within('"at"', range)}`;

/** Performance: calls to the models, handlers, what users waited, over time and in all; and how much there was of each. */
export const performancePeer: Peer = {
  statements: (range) => ({
    generation: `select ${latency('duration_ms')} ${ledger(range)}`,
    generations: `select operation, model, ${latency('duration_ms')} ${ledger(range)} group by 1, 2`,
    interaction: `select ${latency('duration_ms')} ${use(range)}`,
    handlers: `select handler, ${latency('duration_ms')} ${use(range)} group by 1`,
    update_age: `select ${latency('update_age_ms')} ${use(range)}`,
    over_time: `select date_trunc('day', started_at) as day, ${latency('duration_ms')} ${ledger(range)} group by 1`,
    generations_by_day: `select date_trunc('day', started_at) as day, count(*) as n ${ledger(range)} group by 1`,
    updates_by_day: `select date_trunc('day', "at") as day, count(*) as n ${use(range)} group by 1`,
    generation_count: `select count(*) as n ${ledger(range)}`,
    update_count: `select count(*) as n ${use(range)}`,
  }),
  figures: (answers) =>
    mergeFigures(
      latencyFigures(answers['generation'], [], 'generation'),
      latencyFigures(answers['generations'], ['operation', 'model'], 'generation'),
      latencyFigures(answers['interaction'], [], 'interaction'),
      latencyFigures(answers['handlers'], ['handler'], 'interaction'),
      latencyFigures(answers['update_age'], [], 'update_age'),
      latencyFigures(withDates(answers['over_time']), ['day'], 'generation'),
      {
        exact: {
          ...byKey(withDates(answers['generations_by_day']), ['day'], 'generations of', 'n'),
          ...byKey(withDates(answers['updates_by_day']), ['day'], 'updates of', 'n'),
          ...byKey(answers['generation_count'] ?? [], [], 'generations', 'n'),
          ...byKey(answers['update_count'] ?? [], [], 'updates', 'n'),
        },
        near: {},
      },
    ),
};
