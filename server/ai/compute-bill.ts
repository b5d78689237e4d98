import { compareUsd, parseDecimal, toDecimalString } from '#server/lib/money.ts';
import { isRecord } from './json.ts';
import type { LlmBill } from './types.ts';

/** No single answer costs this much (in US dollars); an amount that does is garbage. */
export const COST_LIMIT_USD = 1_000;

/** What an answer's `usage` says of its cost, and what is wrong with it where something is. */
export interface BillReading {
  /** Null when there is no usage object at all. */
  readonly bill: LlmBill | null;
  readonly problem: string | null;
}

/**
 * The cost of an answer by its `usage` object. `cost` is what OpenRouter charges; with a key of one's own (`is_byok`) it
 * is only the fee, and the provider's own charge comes on top. Without `is_byok` the upstream cost is the same money
 * told twice and is never added. Exact; rounded half up to 12 places. An absent or absurd amount gives null, never 0.
 */
export function computeBill(usage: unknown): BillReading {
  if (!isRecord(usage)) return { bill: null, problem: null };
  const isByok = usage['is_byok'] === true;
  const cost = readAmount(usage['cost']);
  if (cost === 'absurd') return unpriced(isByok, 'cost is not an amount');
  if (!isByok) return { bill: { costUsd: cost, isByok }, problem: null };

  const details = usage['cost_details'];
  const upstream = readAmount(isRecord(details) ? details['upstream_inference_cost'] : undefined);
  if (upstream === 'absurd') return unpriced(isByok, 'upstream cost is not an amount');
  if (cost === null && upstream === null) return { bill: { costUsd: null, isByok }, problem: null };
  const total = parseDecimal(cost ?? '0').plus(upstream ?? '0');
  return { bill: { costUsd: toDecimalString(total), isByok }, problem: null };
}

/** Whether a bill says that money was taken. */
export function isCharged(bill: LlmBill | null): boolean {
  return bill?.costUsd != null && compareUsd(bill.costUsd, '0') > 0;
}

function unpriced(isByok: boolean, problem: string): BillReading {
  return { bill: { costUsd: null, isByok }, problem };
}

function readAmount(value: unknown): string | 'absurd' | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0 || value >= COST_LIMIT_USD) return 'absurd';
  return toDecimalString(value);
}
