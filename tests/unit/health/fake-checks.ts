import { createLogger } from '#server/lib/logger.ts';
import { createHealthSampler } from '#server/health/sampler.ts';
import { found } from '#server/health/messages.ts';
import type { CheckResult, CheckRun, HealthCheck, Sample } from '#server/health/types.ts';
import type { HealthCheckName } from '#server/contracts/vocabulary.ts';

export const HEALTHY: CheckResult = found('healthy', 'database_ok');

export function check(name: HealthCheckName, run: CheckRun, times: Partial<Pick<HealthCheck, 'intervalMs' | 'timeoutMs'>> = {}): HealthCheck {
  return { check: name, run, failureCode: 'telegram_down', intervalMs: 1_000, timeoutMs: 3_000, ...times };
}

/** A started sampler over the checks, and every sample it told of. */
export function startSampler(checks: readonly HealthCheck[]) {
  const samples: Sample[] = [];
  const sampler = createHealthSampler({ checks, logger: createLogger('silent'), onSample: (sample) => void samples.push(sample) });
  sampler.start();
  return { sampler, samples };
}
