import type { CostDimension } from '#server/contracts/costs.ts';
import { COST_SOURCES, DISPOSITIONS, PLANS } from '#server/contracts/vocabulary.ts';
import { useVocabulary } from '../../lib/use-vocabulary.ts';

const isOneOf = <Value extends string>(values: readonly Value[], key: string): key is Value => values.some((value) => value === key);

/** Names what costs are split by; what is in no closed set is told as it stands in the ledger. */
export function useCostWords(): (dimension: CostDimension, key: string) => string {
  const words = useVocabulary();
  return (dimension, key) => {
    if (dimension === 'operation') return words.operation(key);
    if (dimension === 'plan' && isOneOf(PLANS, key)) return words.plan(key);
    if (dimension === 'costSource' && isOneOf(COST_SOURCES, key)) return words.costSource(key);
    if (dimension === 'disposition' && isOneOf([...DISPOSITIONS, 'none'], key)) return words.disposition(key);
    return key;
  };
}
