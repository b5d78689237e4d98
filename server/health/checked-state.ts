import type { HealthCheckReport } from '#server/contracts/health.ts';
import type { HealthState } from '#server/contracts/vocabulary.ts';
import { createHysteresis } from './hysteresis.ts';
import { describeFinding } from './messages.ts';
import type { HealthCheck, Look, Sample } from './types.ts';

/** A sample older than this many rounds (interval and timeout) is no longer believed. */
const FRESH_ROUNDS = 3;

export interface Clocks {
  /** A clock that never jumps. */
  readonly monotonicMs: () => number;
  /** The same, standing still while the event loop does. */
  readonly livedMs: () => number;
}

/** What is known of one check. */
export interface CheckedState {
  /** What is said of it now, a long silence noticed; null before the first sample. */
  readonly state: HealthState | null;
  take(look: Look): Sample;
  report(): HealthCheckReport;
}

/** Keeps the last samples of a check and what is said of it, which follows them with hysteresis. */
export function createCheckedState(check: HealthCheck, { monotonicMs, livedMs }: Clocks): CheckedState {
  const hysteresis = createHysteresis(check.hysteresis);
  let last: { readonly look: Look; readonly takenAtMs: number } | null = null;
  /** The last look that agrees with what is said: its words explain it. */
  let shown: Pick<Look, 'code' | 'detail' | 'message'> = describeFinding('not_checked');
  let goodAtMs = -Infinity;

  const noticeSilence = (): void => {
    const isSilent = check.silenceMaxMs !== undefined && livedMs() - goodAtMs > check.silenceMaxMs;
    if (!isSilent || hysteresis.state !== 'healthy') return;
    hysteresis.fail();
    shown = describeFinding(check.failureCode);
  };

  return {
    get state() {
      noticeSilence();
      return hysteresis.state;
    },
    take(look) {
      noticeSilence();
      last = { look, takenAtMs: monotonicMs() };
      if (look.state === 'healthy') goodAtMs = livedMs();
      const reportedState = hysteresis.next(look.state);
      if (look.state === reportedState) shown = { code: look.code, detail: look.detail, message: look.message };
      return { ...look, reportedState };
    },
    report() {
      noticeSilence();
      if (last === null) return { check: check.check, state: null, ...shown, latencyMs: null, ageSeconds: null };
      const ageMs = monotonicMs() - last.takenAtMs;
      const isFresh = ageMs <= FRESH_ROUNDS * (check.intervalMs + check.timeoutMs);
      const { code, detail, message } = isFresh ? shown : describeFinding('outdated');
      return { check: check.check, state: isFresh ? hysteresis.state : 'unhealthy', code, detail, message, latencyMs: hysteresis.state === last.look.state ? last.look.latencyMs : null, ageSeconds: ageMs / 1_000 };
    },
  };
}
