import { expect, test } from 'vitest';
import { respondWithCheck, respondWithReport } from '#app/features/health/respond-with-report.ts';
import type { HealthCheckReport } from '#server/contracts/health.ts';
import type { HealthPort } from '#server/contracts/load-context.ts';
import type { HealthState } from '#server/contracts/vocabulary.ts';

const STATES: Record<string, HealthState | null> = { database: 'healthy', scheduler: null, openrouter: 'unhealthy', telegram: 'disabled' };

function check(name: HealthCheckReport['check']): HealthCheckReport {
  return { check: name, state: STATES[name] ?? null, code: 'not_checked', detail: null, message: `about ${name}`, latencyMs: 12, ageSeconds: 3 };
}

const health: HealthPort = {
  isReady: () => true,
  report: (exclude = []) => {
    const checks = (['database', 'scheduler', 'openrouter', 'telegram'] as const).filter((name) => !exclude.includes(name)).map(check);
    return { isHealthy: checks.every(({ state }) => state === 'healthy' || state === 'disabled'), checks };
  },
};

function ask(query: string, options: { isDetailed?: boolean; accept?: string } = {}) {
  const request = new Request(`http://localhost/health${query}`, { headers: { Accept: options.accept ?? '*/*' } });
  return { request, health, isDetailed: options.isDetailed ?? false, version: '1.2.3' };
}

test('a failing check makes the report fail with 503, and nothing caches it', async () => {
  const response = respondWithReport(ask(''));
  expect(response.status).toBe(503);
  expect(response.headers.get('Cache-Control')).toBe('no-store');
  expect(response.headers.get('Content-Type')).toBe('application/json; charset=utf-8');
  expect(await response.json()).toMatchObject({ status: 'unhealthy' });
});

test('who is not logged in learns states only', async () => {
  const text = await respondWithReport(ask('')).text();
  expect(text).toContain('"state":"unhealthy"');
  expect(text).not.toMatch(/about|latency|age|1\.2\.3/);
  const lines = await respondWithReport(ask('?verbose')).text();
  expect(lines).toBe(
    '[+]database ok\n[-]scheduler failed: reason withheld\n[-]openrouter failed: reason withheld\n[+]telegram disabled\nhealth check failed\n',
  );
});

test('who is logged in learns the rest', async () => {
  const body: unknown = await respondWithReport(ask('', { isDetailed: true })).json();
  expect(body).toMatchObject({ checks: [{ check: 'database', message: 'about database', latencyMs: 12, ageSeconds: 3 }, {}, {}, {}] });
  expect(await respondWithReport(ask('?verbose', { isDetailed: true })).text()).toContain('[-]openrouter failed: about openrouter');
});

test('excluded checks do not count and are named', async () => {
  const response = respondWithReport(ask('?exclude=scheduler&exclude=openrouter&verbose'));
  expect(response.status).toBe(200);
  expect(await response.text()).toContain('[+]openrouter excluded: ok');
});

test('an unknown check is refused with the known ones', async () => {
  const response = respondWithReport(ask('?exclude=database&exclude=redis'));
  expect(response.status).toBe(400);
  expect(await response.text()).toContain('database, scheduler, openrouter, telegram');
});

test('health+json on request, by the draft: status, and an array for each check', async () => {
  const accept = 'application/health+json, application/json;q=0.5';
  const response = respondWithReport(ask('', { accept, isDetailed: true }));
  expect(response.headers.get('Content-Type')).toBe('application/health+json; charset=utf-8');
  expect(await response.json()).toMatchObject({
    status: 'fail',
    version: '1.2.3',
    checks: { 'openrouter:responseTime': [{ status: 'fail', observedValue: 12, observedUnit: 'ms', output: 'about openrouter' }] },
  });
  const anonymous = await respondWithReport(ask('', { accept })).text();
  expect(anonymous).not.toMatch(/about|observed|version/);
});

test('a check has an address of its own', async () => {
  expect(respondWithCheck(ask(''), 'database').status).toBe(200);
  expect(respondWithCheck(ask(''), 'openrouter').status).toBe(503);
  expect(respondWithCheck(ask(''), 'redis').status).toBe(404);
  expect(await respondWithCheck(ask(''), 'database').json()).toEqual({ status: 'healthy', checks: [{ check: 'database', state: 'healthy' }] });
});
