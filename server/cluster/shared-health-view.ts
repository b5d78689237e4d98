import type { HealthReport } from '#server/contracts/health.ts';
import type { HealthCheckName } from '#server/contracts/vocabulary.ts';
import type { SharedHealth } from './messages.ts';

/** The main process tells health twice a second. What it said is believed for so long. */
const FRESH_MS = 5_000;
const OUTDATED = { state: 'unhealthy', code: 'outdated', detail: null, message: 'The last result is too old.' } as const;

/** What the main process told of health last, growing older. */
export class SharedHealthView {
  readonly #monotonicMs: () => number;
  #health: SharedHealth;
  #toldAtMs: number;

  constructor(health: SharedHealth, monotonicMs: () => number = () => performance.now()) {
    this.#monotonicMs = monotonicMs;
    this.#health = health;
    this.#toldAtMs = monotonicMs();
  }

  get isServing(): boolean {
    return this.#health.isServing;
  }

  get isLive(): boolean {
    return this.#health.isLive;
  }

  get parity(): SharedHealth['parity'] {
    return this.#health.parity;
  }

  update(health: SharedHealth): void {
    this.#health = health;
    this.#toldAtMs = this.#monotonicMs();
  }

  /** The report as it would be now; a main process that says nothing leaves every check that it looks at outdated. */
  report(exclude: readonly HealthCheckName[] = []): HealthReport {
    const agedMs = this.#monotonicMs() - this.#toldAtMs;
    const checks = this.#health.report.checks.map((check) => ({
      ...check,
      ...(agedMs > FRESH_MS && check.state !== 'disabled' ? OUTDATED : {}),
      ageSeconds: check.ageSeconds === null ? null : check.ageSeconds + agedMs / 1_000,
    }));
    const counted = checks.filter(({ check }) => !exclude.includes(check));
    return { isHealthy: counted.every(({ state }) => state === 'healthy' || state === 'disabled'), checks };
  }
}
