import type { SendOutcome } from './types.ts';

/** From the first failed attempt to the longest wait. */
const BASE_MS = 5_000;
const MAX_MS = 5 * 60_000;
/** Who refuses an alert is unlikely to want it in a moment. */
const REFUSED_BASE_MS = 60_000;
const REFUSED_MAX_MS = 30 * 60_000;

/** How long to wait after so many failed attempts, the last of which ended like this. */
export function backoffMs(attemptCount: number, outcome: Extract<SendOutcome, { isDelivered: false }>): number {
  const [base, max] = outcome.isRefused ? [REFUSED_BASE_MS, REFUSED_MAX_MS] : [BASE_MS, MAX_MS];
  return Math.max(Math.min(base * 2 ** Math.max(attemptCount - 1, 0), max), outcome.retryAfterMs ?? 0);
}
