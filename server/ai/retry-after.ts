const SECOND_MS = 1_000;
/** Nobody waits longer for a reading; a longer wish is kept as this. */
const RETRY_AFTER_MS_MAX = 3_600_000;

/** What `Retry-After` asks for, in milliseconds: seconds or an HTTP date; null when it is absent or not understood. */
export function readRetryAfterMs(headers: Headers, nowMs: number = Date.now()): number | null {
  const value = headers.get('retry-after')?.trim();
  if (!value) return null;
  const waitMs = /^\d+(\.\d+)?$/.test(value) ? Number(value) * SECOND_MS : Date.parse(value) - nowMs;
  if (!Number.isFinite(waitMs)) return null;
  return Math.min(Math.max(Math.round(waitMs), 0), RETRY_AFTER_MS_MAX);
}
