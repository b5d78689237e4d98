import { createLogger } from '#server/lib/logger.ts';
import { createHealthSampler, type HealthSamplerDeps } from '#server/health/sampler.ts';
import { found } from '#server/health/messages.ts';
import type { CheckResult, CheckRun, HealthCheck, Sample } from '#server/health/types.ts';
import type { HealthCheckName, HealthState } from '#server/contracts/vocabulary.ts';

export const HEALTHY: CheckResult = found('healthy', 'database_ok');

/** A check of which every sample is believed at once, unless said otherwise. */
export function check(name: HealthCheckName, run: CheckRun, parts: Partial<HealthCheck> = {}): HealthCheck {
  const pace = { intervalMs: 1_000, confirmMs: 1_000, timeoutMs: 3_000, hysteresis: { failures: 1, successes: 1 } };
  return { check: name, run, failureCode: 'telegram_down', ...pace, ...parts };
}

/** A started sampler over the checks, with every sample and every turn it told of. */
export function startSampler(checks: readonly HealthCheck[], parts: Partial<HealthSamplerDeps> = {}) {
  const samples: Sample[] = [];
  const turns: HealthState[] = [];
  const sampler = createHealthSampler({
    checks,
    logger: createLogger('silent'),
    onSample: (sample) => void samples.push(sample),
    onTurn: (_check, state) => void turns.push(state),
    ...parts,
  });
  sampler.start();
  return { sampler, samples, turns };
}
