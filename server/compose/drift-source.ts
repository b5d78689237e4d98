import type { Metrics } from '#server/metrics/create-metrics.ts';
import type { DriftSource } from '#server/services/drift/deps.ts';
import type { Clients } from './connect-clients.ts';

/** What the ledger is compared with, and the gauge that shows it; null where OpenRouter is not configured. */
export function driftSourceOf({ llm }: Pick<Clients, 'llm'>, metrics: Metrics): DriftSource | null {
  return llm && { llm, onMeasured: (driftUsd) => metrics.drift.setLedgerDrift(driftUsd) };
}
