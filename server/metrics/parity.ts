import type { Registry } from 'prom-client';
import { PARITY_QUANTITIES, type ParityQuantity } from '#server/contracts/vocabulary.ts';
import { createGauge } from './definition.ts';

export const PARITY_METRICS = {
  difference: {
    name: 'parity_difference',
    type: 'gauge',
    help: 'What the counters of this process say since its start less what the tables say that it wrote; 0 when all is well. Absent until first compared.',
    unit: 'count',
    labels: { quantity: PARITY_QUANTITIES },
    combine: 'first',
  },
} as const;

export interface ParityMetrics {
  setDifferences(differences: Readonly<Record<ParityQuantity, number>>): void;
}

export function createParityMetrics(registry: Registry): ParityMetrics {
  const difference = createGauge(registry, PARITY_METRICS.difference);
  return {
    setDifferences(differences) {
      for (const quantity of PARITY_QUANTITIES) difference.set({ quantity }, differences[quantity]);
    },
  };
}
