import type { ReadinessObstacle } from '#server/contracts/health.ts';
import type { HealthPort } from '#server/contracts/load-context.ts';
import type { HealthCheckName, HealthState } from '#server/contracts/vocabulary.ts';
import type { Logger } from '#server/lib/logger.ts';
import { createCheckRunner } from './check-runner.ts';
import { createCheckedState, type CheckedState } from './checked-state.ts';
import { createLoopMonitor, type LoopMonitor } from './loop-monitor.ts';
import type { Progress } from './progress.ts';
import type { HealthCheck, Look, Sample } from './types.ts';

/** Silence is noticed by a look of its own: nothing need come in for it. */
const SILENCE_LOOK_MS = 250;

export interface HealthSamplerDeps {
  readonly checks: readonly HealthCheck[];
  readonly logger: Logger;
  /** The loops that must go on; without it, no loop is watched. */
  readonly progress?: Progress;
  /** Told of every sample; for metrics and history. Must not throw. */
  readonly onSample?: (sample: Sample) => void;
  /** Told when what is said of a check changes, its first sample included. Must not throw. */
  readonly onTurn?: (check: HealthCheckName, state: HealthState) => void;
  /** A clock that never jumps. */
  readonly monotonicMs?: () => number;
}

export interface HealthSampler extends HealthPort {
  /** Begins to sample. Idempotent. */
  start(): void;
  /** Ends sampling; the last samples stay readable and grow old. Idempotent. */
  stop(): void;
  /** The schema is the one that this program needs: without this call it is never ready. */
  markSchemaCurrent(): void;
  /** First act of a shutdown: not ready from now on. */
  markStopping(): void;
}

/** A check with what is known of it. */
interface Watched {
  readonly check: HealthCheck;
  readonly known: CheckedState;
}

/** Tells each turn of what is said of a check once: to the log, where a good start is no news, and to who listens. */
function createTurnTeller({ logger, onTurn }: HealthSamplerDeps): (watched: Watched) => void {
  const told = new Map<HealthCheckName, HealthState>();
  return ({ check: { check }, known }) => {
    const { state } = known;
    const previous = told.get(check);
    if (state === null || state === previous) return;
    told.set(check, state);
    if (previous !== undefined || state === 'unhealthy') logger.warn({ check, state, message: known.report().message }, 'health check changed');
    onTurn?.(check, state);
  };
}

/** Looks for loops that have stalled, and logs when that changes. */
function createStallWatch({ logger, progress }: HealthSamplerDeps): { look(): void; hasStalled(): boolean } {
  const listStalled = (): string => (progress?.listStalled() ?? []).join(', ');
  let known = '';
  return {
    look() {
      progress?.look(SILENCE_LOOK_MS);
      const loops = listStalled();
      if (loops !== known) logger.error({ loops }, loops === '' ? 'all loops go on again' : 'a loop does not go on: this process needs a restart');
      known = loops;
    },
    hasStalled: () => listStalled() !== '',
  };
}

/** What this process is in, beside its checks. */
interface Phase {
  isSchemaCurrent: boolean;
  isStopping: boolean;
}

function listObstacles({ isSchemaCurrent, isStopping }: Phase, database: CheckedState | undefined, loop: LoopMonitor): readonly ReadinessObstacle[] {
  const obstacles: readonly [ReadinessObstacle, boolean][] = [
    ['stopping', isStopping],
    ['schema_not_current', !isSchemaCurrent],
    ['database_not_answering', database?.state !== 'healthy'],
    ['event_loop_stuck', loop.isStuck()],
  ];
  return obstacles.flatMap(([obstacle, isThere]) => (isThere ? [obstacle] : []));
}

/**
 * Looks at everything in the background and answers from memory: a probe costs nothing and causes nothing. What is said
 * of a check changes only after several samples in a row; `onSample` gets every one as it is, too.
 */
export function createHealthSampler(deps: HealthSamplerDeps): HealthSampler {
  const monotonicMs = deps.monotonicMs ?? (() => performance.now());
  const loop = createLoopMonitor(monotonicMs);
  const watched: readonly Watched[] = deps.checks.map((check) => ({ check, known: createCheckedState(check, { monotonicMs, livedMs: loop.livedMs }) }));
  const database = watched.find(({ check }) => check.check === 'database')?.known;
  const phase: Phase = { isSchemaCurrent: false, isStopping: false };
  const stalls = createStallWatch(deps);
  const tellTurn = createTurnTeller(deps);
  let silenceTimer: NodeJS.Timeout | undefined;

  const runners = watched.map((each) => {
    const onLook = (look: Look): number => {
      const sample = each.known.take(look);
      deps.onSample?.(sample);
      tellTurn(each);
      return sample.state === sample.reportedState ? each.check.intervalMs : each.check.confirmMs;
    };
    return createCheckRunner({ check: each.check, onLook, logger: deps.logger, monotonicMs });
  });
  const noticeSilence = (): void => {
    stalls.look();
    watched.forEach(tellTurn);
  };
  const findObstacles = () => listObstacles(phase, database, loop);

  return {
    start() {
      loop.start();
      silenceTimer ??= setInterval(noticeSilence, SILENCE_LOOK_MS);
      runners.forEach((runner) => runner.start());
    },
    stop() {
      runners.forEach((runner) => runner.stop());
      clearInterval(silenceTimer);
      loop.stop();
    },
    markSchemaCurrent: () => void (phase.isSchemaCurrent = true),
    markStopping: () => void (phase.isStopping = true),
    isReady: () => findObstacles().length === 0,
    listObstacles: findObstacles,
    // At a stop the loops end one after the other, as they should.
    isLive: () => phase.isStopping || !stalls.hasStalled(),
    // Before the first sample nothing is known against it.
    isDatabaseAnswering: () => database?.state !== 'unhealthy',
    report(exclude = []) {
      const checks = watched.map(({ known }) => known.report());
      const counted = checks.filter(({ check }) => !exclude.includes(check));
      return { isHealthy: counted.every(({ state }) => state === 'healthy' || state === 'disabled'), checks };
    },
  };
}
