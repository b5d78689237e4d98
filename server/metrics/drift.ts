import type { Registry } from 'prom-client';
import { createGauge } from './definition.ts';

export const DRIFT_METRICS = {
  ledgerDrift: {
    name: 'ai_ledger_drift_dollars',
    type: 'gauge',
    help: 'What the key in use has spent by its provider less what the ledger says, for the running UTC day, as last measured; absent before that.',
    unit: 'dollars',
    labels: {},
    combine: 'first',
  },
} as const;

export interface DriftMetrics {
  /** A decimal string of US dollars; null: never measured. */
  setLedgerDrift(driftUsd: string | null): void;
}

export function createDriftMetrics(registry: Registry): DriftMetrics {
  const ledgerDrift = createGauge(registry, DRIFT_METRICS.ledgerDrift);
  // A gauge without labels starts at 0, and unknown is not 0.
  ledgerDrift.remove();
  return {
    setLedgerDrift(driftUsd) {
      if (driftUsd === null) ledgerDrift.remove();
      else ledgerDrift.set(Number(driftUsd));
    },
  };
}
