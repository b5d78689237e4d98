import type { LookupDeps } from '#server/services/generations/look-up-costs.ts';
import { createReserver } from '#server/services/generations/create-reserver.ts';
import { ATTEMPT_LEASE_MS } from '#server/services/generations/run-generation.ts';
import type { GenerationDeps } from '#server/services/generations/types.ts';
import type { Clock } from '../lib/clock.ts';
import type { Parts } from './compose-input.ts';

/** What makes and books generations, and what looks up their costs afterwards. */
export interface Ledger {
  readonly generations: GenerationDeps;
  readonly lookups: LookupDeps;
}

export function createLedger({ input: { config }, store, processId, secret, clients: { llm }, metrics, logger }: Parts, clock: Clock): Ledger {
  const { db } = store;
  const { REPORTING_TIMEZONE: reportingTimeZone, AI_CHEAPER_MODEL: cheaperModel, AI_FALLBACK_MODELS: fallbackModels } = config.values;
  const shared = { db, llm, clock, logger, reportingTimeZone, processId };
  return {
    generations: {
      ...shared,
      models: config.models,
      fallbackModels,
      cheaperModel,
      pseudonymSecret: secret,
      reserve: createReserver({ db, reportingTimeZone, cheaperModel, leaseMs: ATTEMPT_LEASE_MS, processId }),
      onGenerationFinished: (generation) => metrics.ai.recordGeneration(generation),
    },
    lookups: { ...shared, onCostResolved: (resolved) => metrics.ai.recordResolvedCost(resolved) },
  };
}
