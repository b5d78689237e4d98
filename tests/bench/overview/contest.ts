import type { DatabaseHandle } from '#db/client.ts';
import { loadConfig } from '#server/config.ts';
import type { RangePreset } from '#server/contracts/time-range.ts';
import { createHealthSampler } from '#server/health/sampler.ts';
import { systemClock } from '#server/lib/clock.ts';
import { createLogger } from '#server/lib/logger.ts';
import { createCaller } from '#server/trpc/router.ts';
import type { Contest } from '../contest.ts';
import { INTERACTION_COUNT, LEDGER_ROW_COUNT } from './load-history.ts';
import { readFiguresOneByOne, scanOnce } from './plain-queries.ts';

const DAYS: Record<RangePreset, number> = { '24h': 1, '7d': 7, '30d': 30 };
const DAY_MS = 86_400_000;

/** Milliseconds for the overview procedure, through its contract, against plain SQL on the same rows. */
export function createOverviewContest(handle: DatabaseHandle, preset: RangePreset, roundCount: number): Contest {
  const caller = createCaller({
    session: { adminId: 1, email: 'bench@example.org', role: 'owner' },
    reports: { db: handle.db, hasSpare: () => handle.hasSpare(), clock: systemClock, reportingTimeZone: 'UTC' },
    models: loadConfig({}).models,
    health: createHealthSampler({ checks: [], logger: createLogger('silent') }),
    drift: null,
    parity: null,
    sandboxChat: null,
  });
  const range = () => ({ from: new Date(Date.now() - DAYS[preset] * DAY_MS), to: new Date() });
  const timed = (work: () => Promise<unknown>) => async () => {
    const startedAt = performance.now();
    await work();
    return performance.now() - startedAt;
  };
  return {
    name: `Overview of ${preset}`,
    conditions: `tRPC procedure at ${LEDGER_ROW_COUNT} ledger rows and ${INTERACTION_COUNT} interactions of 30 days, nothing cached but pages`,
    unit: 'ms',
    isHigherBetter: false,
    roundCount,
    warmUpCount: 2,
    contestants: [
      { name: 'overview.get', measure: timed(() => caller.overview.get({ range: preset })) },
      { name: 'one query per figure', measure: timed(() => readFiguresOneByOne(handle.sql, range(), preset === '24h' ? 'hour' : 'day')) },
      { name: 'one scan of the rows', measure: timed(() => scanOnce(handle.sql, range())) },
    ],
  };
}
