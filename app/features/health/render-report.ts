import type { HealthCheckReport, HealthReport } from '#server/contracts/health.ts';
import type { HealthCheckName } from '#server/contracts/vocabulary.ts';

/** True if a check does not make the report fail. */
function passes({ state }: HealthCheckReport): boolean {
  return state === 'healthy' || state === 'disabled';
}

function renderLine(check: HealthCheckReport): string {
  const verdict = check.state === 'disabled' ? 'disabled' : passes(check) ? 'ok' : 'failed';
  return `[${passes(check) ? '+' : '-'}]${check.check} ${verdict}${passes(check) ? '' : `: ${check.message}`}`;
}

const verdictOf = (report: HealthReport): string => `health check ${report.isHealthy ? 'passed' : 'failed'}`;

/** What anybody may know, in each of the forms: that all is well, or that something is not. */
export const PUBLIC_FORMS = {
  verbose: verdictOf,
  json: (report: HealthReport) => JSON.stringify({ status: report.isHealthy ? 'healthy' : 'unhealthy' }),
  healthJson: (report: HealthReport) => JSON.stringify({ status: report.isHealthy ? 'pass' : 'fail' }),
} as const;

/** One line per check, as Kubernetes' own endpoints write them, and the verdict. */
export function renderVerbose(report: HealthReport, excluded: readonly HealthCheckName[]): string {
  return [...report.checks.map(renderLine), ...excluded.map((check) => `[+]${check} excluded: ok`), verdictOf(report)].join('\n');
}

/** Our own JSON. */
export function renderJson(report: HealthReport, version: string): string {
  const checks = report.checks.map(({ check, state, ...details }) => ({ check, state: state ?? 'unknown', ...details }));
  return JSON.stringify({ status: report.isHealthy ? 'healthy' : 'unhealthy', version, checks });
}

/** The draft format `application/health+json`. */
export function renderHealthJson(report: HealthReport, version: string, now: Date): string {
  const checks = report.checks.map((check) => {
    const { ageSeconds, latencyMs } = check;
    const measured = latencyMs === null ? {} : { observedValue: latencyMs, observedUnit: 'ms' };
    const time = ageSeconds === null ? {} : { time: new Date(now.getTime() - ageSeconds * 1_000).toISOString() };
    const output = passes(check) ? {} : { output: check.message };
    const componentType = check.check === 'database' ? 'datastore' : 'component';
    return [`${check.check}:responseTime`, [{ componentType, status: passes(check) ? 'pass' : 'fail', state: check.state ?? 'unknown', ...measured, ...time, ...output }]];
  });
  return JSON.stringify({ status: report.isHealthy ? 'pass' : 'fail', version, checks: Object.fromEntries(checks) });
}
