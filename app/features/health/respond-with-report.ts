import type { HealthReport } from '#server/contracts/health.ts';
import type { HealthPort, HealthReader } from '#server/contracts/load-context.ts';
import { HEALTH_CHECKS, HealthCheckName } from '#server/contracts/vocabulary.ts';
import { resourceResponse, textResponse } from '../../lib/resource-response.ts';
import { PUBLIC_FORMS, renderHealthJson, renderJson, renderVerbose } from './render-report.ts';

const HEALTH_JSON = 'application/health+json';

/** Who asks, and where the answer comes from. */
export interface HealthRequest {
  readonly request: Request;
  readonly health: HealthPort;
  /** Checks, messages, latencies, ages and the version are for insiders. */
  readonly reader: HealthReader;
  readonly version: string;
}

/** What a loader has at hand. */
interface LoaderInput {
  readonly request: Request;
  readonly context: { readonly health: HealthPort; readonly version: string; judgeHealthReader(authorization: string | null): HealthReader };
}

/** The request of a loader, with who is behind it. */
export function toHealthRequest({ request, context }: LoaderInput): HealthRequest {
  return { request, health: context.health, version: context.version, reader: context.judgeHealthReader(request.headers.get('Authorization')) };
}

const isVerbose = (request: Request): boolean => new URL(request.url).searchParams.has('verbose');

/** Whether the draft format is among what the client takes. */
function takesHealthJson(request: Request): boolean {
  const ranges = (request.headers.get('Accept') ?? '').toLowerCase().split(',');
  return ranges.some((range) => {
    const [type, ...parameters] = range.split(';').map((part) => part.trim());
    return type === HEALTH_JSON && !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter));
  });
}

function refuse(): Response {
  return textResponse('This token is not the right one.', 401, { 'WWW-Authenticate': 'Bearer realm="health"' });
}

function respond({ request, reader, version }: HealthRequest, report: HealthReport, excluded: readonly HealthCheckName[]): Response {
  const status = report.isHealthy ? 200 : 503;
  const isInsider = reader === 'insider';
  if (isVerbose(request)) return textResponse(isInsider ? renderVerbose(report, excluded) : PUBLIC_FORMS.verbose(report), status);
  const headers = { Vary: 'Accept, Authorization, Cookie' };
  if (takesHealthJson(request)) {
    const body = isInsider ? renderHealthJson(report, version, new Date()) : PUBLIC_FORMS.healthJson(report);
    return resourceResponse(body, `${HEALTH_JSON}; charset=utf-8`, { status, headers });
  }
  return resourceResponse(isInsider ? renderJson(report, version) : PUBLIC_FORMS.json(report), 'application/json; charset=utf-8', { status, headers });
}

/** The report over all checks but those of `?exclude=`; 400 names the known ones when one is unknown. */
export function respondWithReport(caller: HealthRequest): Response {
  if (caller.reader === 'refused') return refuse();
  const names = new URL(caller.request.url).searchParams.getAll('exclude');
  const excluded = HEALTH_CHECKS.filter((check) => names.includes(check));
  const known: readonly string[] = HEALTH_CHECKS;
  if (names.some((name) => !known.includes(name))) {
    return textResponse(`exclude must name one of these checks: ${HEALTH_CHECKS.join(', ')}`, 400);
  }
  const report = caller.health.report(excluded);
  return respond(caller, { ...report, checks: report.checks.filter(({ check }) => !excluded.includes(check)) }, excluded);
}

/** The report over a single check; 404 names the known ones. */
export function respondWithCheck(caller: HealthRequest, name: string): Response {
  if (caller.reader === 'refused') return refuse();
  const only = HealthCheckName.safeParse(name).data;
  if (!only) return textResponse(`There is no such check. The checks are: ${HEALTH_CHECKS.join(', ')}`, 404);
  const report = caller.health.report(HEALTH_CHECKS.filter((other) => other !== only));
  return respond(caller, { ...report, checks: report.checks.filter(({ check }) => check === only) }, []);
}

/** Whether this process should get traffic now; with `?verbose`, insiders are told what is in the way. */
export function respondWithReadiness(caller: HealthRequest): Response {
  // The verdict is for anybody, whatever token a probe still sends.
  if (caller.reader === 'refused' && isVerbose(caller.request)) return refuse();
  const obstacles = caller.health.listObstacles();
  const status = obstacles.length === 0 ? 200 : 503;
  const verdict = status === 200 ? 'ready' : 'not ready';
  const reasons = isVerbose(caller.request) && caller.reader === 'insider' ? obstacles.map((obstacle) => `[-]${obstacle}`) : [];
  return textResponse([...reasons, verdict].join('\n'), status);
}
