import { eq } from 'drizzle-orm';
import { aiUsage } from '#db/schema/index.ts';
import { countersOf } from '#server/compose/check-parity.ts';
import type { Parity } from '#server/contracts/parity.ts';
import type { Clock } from '#server/lib/clock.ts';
import { createLogger, type Logger } from '#server/lib/logger.ts';
import { createMetrics, type Metrics } from '#server/metrics/create-metrics.ts';
import { correctCost } from '#server/services/generations/correct-cost.ts';
import { lookUpCosts } from '#server/services/generations/look-up-costs.ts';
import type { GenerationDeps } from '#server/services/generations/types.ts';
import { claimUpdates } from '#server/services/inbox/claim-updates.ts';
import { finishUpdates } from '#server/services/inbox/finish-updates.ts';
import { storeUpdates } from '#server/services/inbox/store-updates.ts';
import type { FinishedUpdate } from '#server/services/inbox/types.ts';
import { createParityCheck, type ParityCheck } from '#server/services/parity/create-parity-check.ts';
import { bookPayment } from '#server/services/payments/book-payment.ts';
import { registerProcess } from '#server/services/processes/register-process.ts';
import { CHEAPER, FALLBACK, MODEL, type LedgerRig } from './ledger.ts';

/** Wall time that a test may move ahead. */
export interface TestClock extends Clock {
  move(ms: number): void;
}

export function createTestClock(): TestClock {
  let aheadMs = 0;
  return { now: () => new Date(Date.now() + aheadMs), move: (ms) => void (aheadMs += ms) };
}

/** One run of the program as the tables and the counters know it, without the web around it. */
export interface ProgramRun {
  readonly processId: number;
  readonly metrics: Metrics;
  readonly check: ParityCheck;
  /** What `read` of the rig needs to be this run's. */
  readonly generations: Pick<GenerationDeps, 'processId' | 'clock' | 'onGenerationFinished'>;
  /** Looks up all that has an id and no told cost, as if it were due. */
  lookUp(): Promise<void>;
  correct(requestId: string, costUsd: string): Promise<void>;
  /** Takes an update in and ends it, as the worker does. */
  handle(update: { readonly updateId: number; readonly userId: number | null; readonly outcome: FinishedUpdate['outcome'] }): Promise<void>;
  pay(payment: { readonly userId: number; readonly chargeId: string }): Promise<void>;
}

/** Puts a run on record. Its parity check looks again without a pause. */
export async function startRun(rig: LedgerRig, clock: Clock = createTestClock(), logger: Logger = createLogger('silent')): Promise<ProgramRun> {
  const { db } = rig.deps;
  const processId = await registerProcess(db, { version: 'test', now: clock.now() });
  const metrics = createMetrics({ version: 'test', commit: 'test', nodeVersion: process.version, models: [MODEL, FALLBACK, CHEAPER], schedules: [] });
  const recordResolved = metrics.ai.recordResolvedCost;
  return {
    processId,
    metrics,
    check: createParityCheck({ db, clock, logger, processId, pauseMs: 0, readCounters: () => countersOf(metrics), onCompared: metrics.parity.setDifferences }),
    generations: { processId, clock, onGenerationFinished: metrics.ai.recordGeneration },
    async lookUp() {
      await rig.database.handle.sql`update ai_usage set next_lookup_at = 'epoch' where generation_id is not null and (status = 'unknown' or cost_source = 'estimated')`;
      await lookUpCosts({ ...rig.deps, clock, processId, onCostResolved: recordResolved });
    },
    async correct(requestId, costUsd) {
      const resolved = await correctCost(db, { requestId, costUsd, source: 'lookup', at: clock.now(), reportingTimeZone: 'UTC', processId });
      if (resolved) recordResolved(resolved);
    },
    async handle({ updateId, userId, outcome }) {
      const at = clock.now();
      await storeUpdates(db, [{ update_id: updateId }], at);
      await claimUpdates(db, { limit: 64, leaseMs: 60_000, now: at });
      const errorType = outcome === 'failed' ? ('ai_failed' as const) : null;
      const end = { updateId, attempts: 1, at, userId, handler: 'tarot', operation: null, outcome, errorType, durationMs: 5, updateAgeMs: 9 } as const;
      const [isOurs] = await finishUpdates(db, [end], processId);
      if (isOurs) metrics.bot.recordUpdate({ ...end, isRecorded: userId !== null });
    },
    async pay({ userId, chargeId }) {
      const { booked } = await bookPayment(db, { userId, chargeId, stars: 250, starValueUsd: '0.013', paidAt: clock.now(), invoicePayload: null, processId });
      if (booked) metrics.payments.recordPayment(booked);
    },
  };
}

/** The differences that are not 0, by quantity. */
export function partedOf({ differences }: Parity): Record<string, string> {
  const parted = differences.filter(({ difference }) => Number(difference) !== 0);
  return Object.fromEntries(parted.map(({ quantity, difference }) => [quantity, difference]));
}

/** The costs of all settled rows, oldest first. */
export async function settledRows(rig: LedgerRig) {
  const { requestId, costUsd, startedAt } = aiUsage;
  return rig.deps.db.select({ requestId, costUsd }).from(aiUsage).where(eq(aiUsage.status, 'settled')).orderBy(startedAt, requestId);
}
