import { z } from 'zod';
import { Count, SignedUsd, Usd } from './amounts.ts';
import { COST_SOURCES, GENERATION_STATUSES } from './vocabulary.ts';

/** Running periods as OpenRouter counts them: UTC, the week from Monday. */
export const DRIFT_PERIODS = ['day', 'week', 'month'] as const;
export type DriftPeriod = (typeof DRIFT_PERIODS)[number];

/** Checks of the history, unmatched attempts and rows of activity that are told. */
export const DRIFT_HISTORY_MAX = 30;
export const DRIFT_UNMATCHED_MAX = 100;
export const DRIFT_ACTIVITY_MAX = 200;

const Instant = z.iso.datetime();

/** What the ledger and the key in use say of one period; `differenceUsd` is the provider's figure less ours. */
export const DriftComparison = z.object({
  period: z.enum(DRIFT_PERIODS),
  startsAt: Instant,
  ledgerUsd: Usd,
  providerUsd: Usd,
  differenceUsd: SignedUsd,
  /** Attempts without a cost, which are not in the ledger's figure, and those whose cost is estimated. */
  reservedCount: Count,
  unknownCount: Count,
  estimatedCount: Count,
});
export type DriftComparison = z.infer<typeof DriftComparison>;

export const DriftCheck = z.object({ checkedAt: Instant, comparisons: z.array(DriftComparison).min(1) });
export type DriftCheck = z.infer<typeof DriftCheck>;

/** An attempt of the running UTC month whose cost the provider has not told. */
export const UnmatchedAttempt = z.object({
  requestId: z.guid(),
  startedAt: Instant,
  operation: z.string(),
  model: z.string(),
  status: z.enum(GENERATION_STATUSES),
  costUsd: Usd.nullable(),
  costSource: z.enum(COST_SOURCES),
});
export type UnmatchedAttempt = z.infer<typeof UnmatchedAttempt>;

/** One model on one completed UTC day, by the ledger and by the activity of the whole account. */
export const ActivityComparison = z.object({
  date: z.iso.date(),
  model: z.string(),
  ledgerUsd: Usd,
  providerUsd: Usd,
  differenceUsd: SignedUsd,
  ledgerCount: Count,
  providerCount: Count,
});
export type ActivityComparison = z.infer<typeof ActivityComparison>;

/** How far the ledger and the provider's own totals are apart. */
export const Drift = z.object({
  timeZone: z.string(),
  generatedAt: Instant,
  /** False: no OpenRouter key, so nothing can be measured. */
  isConfigured: z.boolean(),
  /** Null before the first measurement. */
  latest: DriftCheck.nullable(),
  /** The last checks, the newest first; the latest is among them. */
  history: z.array(DriftCheck),
  /** The newest first; `totalCount` counts those that are not told too. */
  unmatched: z.object({ rows: z.array(UnmatchedAttempt), totalCount: Count }),
  /** Null without a management key, and before the first measurement with one. */
  activity: z.object({ checkedAt: Instant, rows: z.array(ActivityComparison), totalCount: Count }).nullable(),
});
export type Drift = z.infer<typeof Drift>;
