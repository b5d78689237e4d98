import type { Registry } from 'prom-client';
import { createGauge } from './definition.ts';

export const BUILD_METRICS = {
  buildInfo: {
    name: 'build_info',
    type: 'gauge',
    help: 'Always 1; its labels say which program runs.',
    unit: 'info',
    labels: { version: 'configured', commit: 'configured', node: 'configured' },
    combine: 'first',
  },
} as const;

export interface BuildFacts {
  readonly version: string;
  /** `unknown` where the build has no commit. */
  readonly commit: string;
  readonly nodeVersion: string;
}

export function registerBuildInfo(registry: Registry, facts: BuildFacts): void {
  createGauge(registry, BUILD_METRICS.buildInfo).set({ version: facts.version, commit: facts.commit, node: facts.nodeVersion }, 1);
}
