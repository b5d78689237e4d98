import { describe, expect, it, test } from 'vitest';
import { respondWithCheck, respondWithReadiness, respondWithReport, type HealthRequest } from '#app/features/health/respond-with-report.ts';
import type { HealthCheckReport } from '#server/contracts/health.ts';
import type { HealthReader } from '#server/contracts/load-context.ts';
import type { HealthState } from '#server/contracts/vocabulary.ts';
import { fakeHealth } from '#tests/support/health.ts';

const STATES: Record<string, HealthState | null> = { database: 'healthy', scheduler: null, openrouter: 'unhealthy', telegram: 'disabled' };

function check(name: HealthCheckReport['check']): HealthCheckReport {
  return { check: name, state: STATES[name] ?? null, code: 'not_checked', detail: null, message: `about ${name}`, latencyMs: 12, ageSeconds: 3 };
}

const health = fakeHealth({
  listObstacles: () => ['database_not_answering', 'stopping'],
  report: (exclude = []) => {
    const checks = (['database', 'scheduler', 'openrouter', 'telegram'] as const).map(check);
    return { isHealthy: checks.filter((each) => !exclude.includes(each.check)).every(({ state }) => state === 'healthy' || state === 'disabled'), checks };
  },
});

interface Asking {
  readonly reader?: HealthReader;
  readonly accept?: string;
}

function ask(query: string, { reader = 'public', accept = '*/*' }: Asking = {}): HealthRequest {
  return { request: new Request(`http://localhost/health${query}`, { headers: { Accept: accept } }), health, reader, version: '1.2.3' };
}

const HEALTH_JSON = 'application/health+json';

test('a failing check makes the report fail with 503, and nothing caches it', async () => {
  const response = respondWithReport(ask(''));
  expect(response.status).toBe(503);
  expect(response.headers.get('Cache-Control')).toBe('no-store');
  expect(response.headers.get('Content-Type')).toBe('application/json; charset=utf-8');
  expect(await response.json()).toEqual({ status: 'unhealthy' });
});

describe('the public', () => {
  it.each<[string, string, string]>([
    ['', '*/*', '{"status":"unhealthy"}'],
    ['?exclude=scheduler&exclude=openrouter', '*/*', '{"status":"healthy"}'],
    ['', HEALTH_JSON, '{"status":"fail"}'],
    ['?exclude=scheduler&exclude=openrouter', HEALTH_JSON, '{"status":"pass"}'],
    ['?verbose', '*/*', 'health check failed\n'],
    ['?verbose&exclude=scheduler&exclude=openrouter', '*/*', 'health check passed\n'],
  ])('learns from /health%s with Accept: %s no more than %s', async (query, accept, body) => {
    expect(await respondWithReport(ask(query, { accept })).text()).toBe(body);
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(64);
  });

  it('learns as little of one check', async () => {
    expect(await respondWithCheck(ask(''), 'database').text()).toBe('{"status":"healthy"}');
    expect(await respondWithCheck(ask('?verbose'), 'openrouter').text()).toBe('health check failed\n');
    expect(await respondWithCheck(ask('', { accept: HEALTH_JSON }), 'openrouter').text()).toBe('{"status":"fail"}');
  });

  it('is not told why something is not ready', async () => {
    expect(await respondWithReadiness(ask('/ready?verbose')).text()).toBe('not ready\n');
  });
});

describe('an insider', () => {
  const reader = 'insider';

  it('learns each check with its message, its latency, its age, and the version', async () => {
    const body: unknown = await respondWithReport(ask('', { reader })).json();
    expect(body).toMatchObject({ version: '1.2.3', checks: [{ check: 'database', message: 'about database', latencyMs: 12, ageSeconds: 3 }, { state: 'unknown' }, {}, {}] });
    expect(await respondWithReport(ask('?verbose', { reader })).text()).toBe(
      '[+]database ok\n[-]scheduler failed: about scheduler\n[-]openrouter failed: about openrouter\n[+]telegram disabled\nhealth check failed\n',
    );
  });

  it('is told what was excluded', async () => {
    const response = respondWithReport(ask('?exclude=scheduler&exclude=openrouter&verbose', { reader }));
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('[+]database ok\n[+]telegram disabled\n[+]scheduler excluded: ok\n[+]openrouter excluded: ok\nhealth check passed\n');
  });

  it('gets health+json on request, by the draft: status, and an array for each check', async () => {
    const response = respondWithReport(ask('', { accept: `${HEALTH_JSON}, application/json;q=0.5`, reader }));
    expect(response.headers.get('Content-Type')).toBe(`${HEALTH_JSON}; charset=utf-8`);
    expect(await response.json()).toMatchObject({
      status: 'fail',
      version: '1.2.3',
      checks: {
        'database:responseTime': [{ componentType: 'datastore', status: 'pass', observedValue: 12, observedUnit: 'ms', time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) }],
        'openrouter:responseTime': [{ componentType: 'component', status: 'fail', observedValue: 12, observedUnit: 'ms', output: 'about openrouter' }],
      },
    });
  });

  it('sees a single check under its own address', async () => {
    expect(await respondWithCheck(ask('', { reader }), 'database').json()).toMatchObject({ status: 'healthy', checks: [{ check: 'database' }] });
  });

  it('is told what keeps the process from being ready, when asking for it', async () => {
    const response = respondWithReadiness(ask('/ready?verbose', { reader }));
    expect([response.status, await response.text()]).toEqual([503, '[-]database_not_answering\n[-]stopping\nnot ready\n']);
    expect(await respondWithReadiness(ask('/ready', { reader })).text()).toBe('not ready\n');
  });
});

test('who shows a wrong token is refused, whatever is asked for', () => {
  const caller = ask('?verbose', { reader: 'refused' });
  for (const response of [respondWithReport(caller), respondWithCheck(caller, 'database'), respondWithReadiness(caller)]) {
    expect([response.status, response.headers.get('WWW-Authenticate')]).toEqual([401, 'Bearer realm="health"']);
  }
});

test('the verdict of readiness is for anybody, whatever token a probe still sends', async () => {
  const response = respondWithReadiness(ask('', { reader: 'refused' }));
  expect([response.status, await response.text()]).toEqual([503, 'not ready\n']);
});

test('an unknown check is refused with the known ones', async () => {
  for (const query of ['?exclude=database&exclude=redis', '?exclude=', '?exclude=Database', '?exclude=__proto__']) {
    const response = respondWithReport(ask(query));
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('database, scheduler, openrouter, telegram');
  }
  expect(respondWithCheck(ask(''), 'redis').status).toBe(404);
});

test.each([
  [HEALTH_JSON, true],
  ['Application/Health+JSON; q=0.9', true],
  ['text/html, application/health+json;q=0.1', true],
  ['application/health+json;q=0', false],
  ['application/health+json;q=0.000', false],
  ['application/health+jsonx', false],
  [';;;,,, =q;/*', false],
  ['*/*', false],
  ['', false],
])('an Accept of "%s" asks for the draft format: %s', (accept, isWanted) => {
  const type = respondWithReport(ask('', { accept })).headers.get('Content-Type');
  expect(type?.startsWith(HEALTH_JSON)).toBe(isWanted);
});

test('the answer says on what of the request it depends', () => {
  expect(respondWithReport(ask('')).headers.get('Vary')).toBe('Accept, Authorization, Cookie');
});
