import fc from 'fast-check';
import type { DatabaseHandle } from '#db/client.ts';
import type { PerformanceInput } from '#server/contracts/performance.ts';
import { createRequestRecorder } from '#server/services/requests/request-recorder.ts';
import type { CountedRequest } from '#server/services/requests/types.ts';
import { foldRollups } from '#server/services/rollups/fold-rollups.ts';
import { seedGeneration, seedInteraction } from './seed.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Offsets from now in ms: full five minutes and days, a millisecond beside them, and anything between. */
const agoMs = fc.oneof(
  fc.tuple(fc.constantFrom(0, 5 * MINUTE_MS, HOUR_MS, DAY_MS, 7 * DAY_MS, 30 * DAY_MS, -HOUR_MS), fc.constantFrom(-1, 0, 1)).map(([ms, beside]) => ms + beside),
  fc.integer({ min: 0, max: 2 * HOUR_MS }),
  fc.integer({ min: -DAY_MS, max: 4 * DAY_MS }),
  fc.integer({ min: 0, max: 45 * DAY_MS }),
);
const ms = fc.oneof(fc.nat({ max: 30 }), fc.nat({ max: 90_000 }));

const attempt = fc.record({
  kind: fc.constant('attempt' as const),
  agoMs,
  operation: fc.constantFrom('horoscope', 'tarot_card', 'retired'),
  model: fc.constantFrom('google/gemini-2.5-flash', 'openai/gpt-4o-mini'),
  durationMs: fc.option(ms),
});
const interaction = fc.record({ kind: fc.constant('interaction' as const), agoMs, handler: fc.constantFrom('tarot', 'horoscope', 'other'), durationMs: ms, updateAgeMs: ms });
const request = fc.record({
  kind: fc.constant('request' as const),
  agoMs,
  handler: fc.constantFrom('/monitoring', '/monitoring/budgets/:budgetId', 'trpc.overview.get', 'unmatched'),
  method: fc.constantFrom('GET', 'POST'),
  status: fc.constantFrom('2xx', '3xx', '4xx', '5xx', 'aborted'),
  durationMs: fc.option(fc.oneof(fc.double({ min: 0, max: 50, noNaN: true }), fc.double({ min: 0, max: 9_000, noNaN: true }))),
});
const settle = fc.record({ kind: fc.constant('settle' as const), index: fc.nat({ max: 20 }), durationMs: ms });
const upkeep = fc.oneof(fc.record({ kind: fc.constant('fold' as const), batch: fc.integer({ min: 1, max: 20 }) }), fc.record({ kind: fc.constant('flush' as const) }));

/** What happened, in the order in which it was written, with the rollups' upkeep in between. */
export const performanceHistory = fc.array(
  fc.oneof({ arbitrary: fc.oneof(attempt, interaction, request), weight: 10 }, { arbitrary: settle, weight: 2 }, { arbitrary: upkeep, weight: 1 }),
  { maxLength: 60 },
);
export type PerformanceHistory = typeof performanceHistory extends fc.Arbitrary<infer T> ? T : never;

/** A request as it happened: nobody else keeps them one by one. */
export interface NaiveRequest extends CountedRequest {
  readonly at: Date;
}

/** Lays a history down so that it ends at `now`; gives the requests that were answered. */
export async function layDownPerformance({ db, sql }: DatabaseHandle, history: PerformanceHistory, now: Date): Promise<NaiveRequest[]> {
  const requests: NaiveRequest[] = [];
  let at = now;
  const recorder = createRequestRecorder({ db, clock: { now: () => at } });
  for (const step of history) {
    if ('agoMs' in step) at = new Date(now.getTime() - step.agoMs);
    if (step.kind === 'attempt') await seedGeneration(db, { startedAt: at, operation: step.operation, model: step.model, durationMs: step.durationMs });
    else if (step.kind === 'interaction') await seedInteraction(db, { at, userId: 1, handler: step.handler, durationMs: step.durationMs, updateAgeMs: step.updateAgeMs });
    else if (step.kind === 'settle') {
      await sql`update ai_usage set duration_ms = ${step.durationMs} where request_id = (select request_id from ai_usage order by request_id offset ${step.index} limit 1)`;
    } else if (step.kind === 'fold') await foldRollups(db, step.batch);
    else if (step.kind === 'flush') await recorder.flush();
    else {
      const { kind: _, agoMs: __, ...counted } = step;
      recorder.record(counted);
      requests.push({ ...counted, at });
    }
  }
  await recorder.flush();
  return requests;
}

/** Presets and spans to the millisecond, with and without a bucket, for every family and parts of them. */
export function performanceInput(now: Date): fc.Arbitrary<PerformanceInput> {
  const span = fc
    .tuple(fc.integer({ min: -DAY_MS, max: 44 * DAY_MS }), fc.oneof(fc.integer({ min: 1, max: 3 * HOUR_MS }), fc.integer({ min: 1, max: 40 * DAY_MS })))
    .map(([endAgoMs, lengthMs]) => ({ to: new Date(now.getTime() - endAgoMs).toISOString(), from: new Date(now.getTime() - endAgoMs - lengthMs).toISOString() }));
  const range = fc.oneof(
    fc.constantFrom({ range: '24h' as const }, { range: '7d' as const }, { range: '30d' as const }),
    fc.tuple(span, fc.constantFrom({}, { bucket: 'day' as const }, { bucket: 'week' as const }, { bucket: 'month' as const })).map(([ends, bucket]) => ({ ...ends, ...bucket })),
  );
  const chosen = fc.constantFrom<PerformanceInput>(
    {}, { family: 'generation', operation: 'horoscope' }, { model: 'openai/gpt-4o-mini' }, { operation: 'retired', model: 'openai/gpt-4o-mini' }, { family: 'interaction' },
    { family: 'interaction', handler: 'tarot' }, { family: 'update_age' }, { family: 'http' }, { family: 'http', handler: 'trpc.overview.get' }, { family: 'http', handler: 'nowhere' },
  );
  return fc.tuple(range, chosen).map(([one, other]) => ({ ...one, ...other }));
}
