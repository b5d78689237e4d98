import { z } from 'zod';
import { PARITY_QUANTITIES } from './vocabulary.ts';

/** A count, or US dollars with 12 decimal places; as text, because the dollars are exact. */
const Amount = z.string().regex(/^-?\d+(\.\d{12})?$/);

/** What the counters of one process say since its start, and what the tables say that it wrote; `difference` is the first less the second. */
export const ParityDifference = z.object({
  quantity: z.enum(PARITY_QUANTITIES),
  counter: Amount,
  table: Amount,
  difference: Amount,
});
export type ParityDifference = z.infer<typeof ParityDifference>;

export const Parity = z.object({
  comparedAt: z.iso.datetime(),
  /** One for each quantity, in the order of `PARITY_QUANTITIES`. */
  differences: z.array(ParityDifference),
});
export type Parity = z.infer<typeof Parity>;

/** Where the last comparison is read; memory only. */
export interface ParityPort {
  /** Null before the first comparison. */
  latest(): Parity | null;
}
