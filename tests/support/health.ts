import type { HealthPort } from '#server/contracts/load-context.ts';

/** Health as the web site sees it: all is well, but for what a test says. */
export function fakeHealth(parts: Partial<HealthPort> = {}): HealthPort {
  return {
    isReady: () => true,
    listObstacles: () => [],
    isLive: () => true,
    isDatabaseAnswering: () => true,
    report: () => ({ isHealthy: true, checks: [] }),
    ...parts,
  };
}
