import type { HealthReport } from '#server/contracts/health.ts';
import type { HealthPort } from '#server/contracts/load-context.ts';
import { HEALTH_CHECKS, HealthCheckName } from '#server/contracts/vocabulary.ts';
import { resourceResponse, textResponse } from '../../lib/resource-response.ts';
import { renderHealthJson, renderJson, renderVerbose } from './render-report.ts';

const HEALTH_JSON = 'application/health+json';

/** Who asks for a report, and where it comes from. */
export interface HealthRequest {
  readonly request: Request;
  readonly health: HealthPort;
  /** Messages, latencies and ages are for those who are logged in. */
  readonly isDetailed: boolean;
  readonly version: string;
}

function respond({ request, isDetailed, version }: HealthRequest, report: HealthReport, excluded: readonly HealthCheckName[]): Response {
  const status = report.isHealthy ? 200 : 503;
  if (new URL(request.url).searchParams.has('verbose')) return textResponse(renderVerbose(report, excluded, isDetailed), status);
  const headers = { Vary: 'Accept' };
  if (request.headers.get('Accept')?.includes(HEALTH_JSON)) {
    return resourceResponse(renderHealthJson(report, isDetailed ? version : null), `${HEALTH_JSON}; charset=utf-8`, { status, headers });
  }
  return resourceResponse(renderJson(report, isDetailed), 'application/json; charset=utf-8', { status, headers });
}

/** The report over all checks but those of `?exclude=`; 400 names the known ones when one is unknown. */
export function respondWithReport(caller: HealthRequest): Response {
  const names = new URL(caller.request.url).searchParams.getAll('exclude');
  const excluded = HEALTH_CHECKS.filter((check) => names.includes(check));
  const known: readonly string[] = HEALTH_CHECKS;
  if (names.some((name) => !known.includes(name))) {
    return textResponse(`exclude must name one of these checks: ${HEALTH_CHECKS.join(', ')}`, 400);
  }
  return respond(caller, caller.health.report(excluded), excluded);
}

/** The report over a single check; 404 names the known ones. */
export function respondWithCheck(caller: HealthRequest, name: string): Response {
  const check = HealthCheckName.safeParse(name).data;
  if (!check) return textResponse(`There is no such check. The checks are: ${HEALTH_CHECKS.join(', ')}`, 404);
  return respond(caller, caller.health.report(HEALTH_CHECKS.filter((other) => other !== check)), []);
}
