import type { HealthCheckReport, HealthReport } from '#server/contracts/health.ts';
import type { HealthCheckName } from '#server/contracts/vocabulary.ts';

/** True if a check does not make the report fail. */
function passes({ state }: HealthCheckReport): boolean {
  return state === 'healthy' || state === 'disabled';
}

function renderLine(check: HealthCheckReport, isDetailed: boolean): string {
  const verdict = check.state === 'disabled' ? 'disabled' : passes(check) ? 'ok' : 'failed';
  const reason = passes(check) ? '' : `: ${isDetailed ? check.message : 'reason withheld'}`;
  return `[${passes(check) ? '+' : '-'}]${check.check} ${verdict}${reason}`;
}

/** One line per check, as Kubernetes' own endpoints write them, and the verdict. */
export function renderVerbose(report: HealthReport, excluded: readonly HealthCheckName[], isDetailed: boolean): string {
  return [
    ...report.checks.map((check) => renderLine(check, isDetailed)),
    ...excluded.map((check) => `[+]${check} excluded: ok`),
    `health check ${report.isHealthy ? 'passed' : 'failed'}`,
  ].join('\n');
}

/** Our own JSON. Callers that are not logged in get states only. */
export function renderJson(report: HealthReport, isDetailed: boolean): string {
  const checks = report.checks.map(({ check, state, ...details }) => ({ check, state: state ?? 'unknown', ...(isDetailed ? details : {}) }));
  return JSON.stringify({ status: report.isHealthy ? 'healthy' : 'unhealthy', checks });
}

/** The draft format `application/health+json`. `version` null: the caller is not logged in and gets states only. */
export function renderHealthJson(report: HealthReport, version: string | null): string {
  const isDetailed = version !== null;
  const checks = report.checks.map((check) => {
    const details = { observedValue: check.latencyMs, observedUnit: 'ms', ...(passes(check) ? {} : { output: check.message }) };
    const entry = { status: passes(check) ? 'pass' : 'fail', state: check.state ?? 'unknown', ...(isDetailed ? details : {}) };
    return [`${check.check}:responseTime`, [entry]];
  });
  return JSON.stringify({ status: report.isHealthy ? 'pass' : 'fail', ...(isDetailed ? { version } : {}), checks: Object.fromEntries(checks) });
}
