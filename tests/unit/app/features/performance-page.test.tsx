import { renderToStaticMarkup } from 'react-dom/server';
import { createStaticHandler, createStaticRouter, StaticRouterProvider } from 'react-router-dom/server.js';
import { expect, test } from 'vitest';
import { Providers } from '#app/components/providers.tsx';
import { PerformancePage } from '#app/features/performance/performance-page.tsx';
import type { Latency, PerformanceFigures, PerformanceReport } from '#server/contracts/performance.ts';
import type { Language } from '#server/contracts/vocabulary.ts';

const NONE: Latency = { count: 0, p50Ms: null, p95Ms: null, p99Ms: null };
const FAST: Latency = { count: 5, p50Ms: 110, p95Ms: 190, p99Ms: 199 };
const SLOW: Latency = { count: 1_234, p50Ms: 2_250, p95Ms: 8_100, p99Ms: 11_800 };
const QUIET = { generationCount: 0, generationsPerMinute: null, updateCount: 0, updatesPerMinute: null, requestCount: 0, requestsPerMinute: null };
const BUSY = { generationCount: 1_240, generationsPerMinute: 0.86, updateCount: 3, updatesPerMinute: 0.002, requestCount: 21, requestsPerMinute: 2.5 };
const STARTS = ['2026-11-23T00:00:00.000Z', '2026-11-24T00:00:00.000Z'] as const;
const range = { preset: '7d', from: STARTS[0], to: '2026-11-24T21:05:09.000Z', bucket: 'day', timeZone: 'Europe/Moscow' } as const;

const FIGURES: PerformanceFigures = {
  latencies: { generation: SLOW, interaction: FAST, update_age: FAST, http: NONE },
  generations: [{ operation: 'horoscope', model: 'a/b', ...SLOW }, { operation: 'retired', model: 'c/d', ...FAST }, { operation: null, model: null, ...FAST }],
  handlers: [{ handler: 'tarot', ...FAST }],
  requests: [],
  requestsByStatus: [{ status: '2xx', count: 20 }, { status: '5xx', count: 1 }, { status: 'aborted', count: 0 }],
  chosen: { family: 'generation', operation: 'horoscope', model: 'a/b', handler: null },
  overTime: [{ startsAt: STARTS[0], ...NONE, isUnfinished: false }, { startsAt: STARTS[1], ...SLOW, isUnfinished: true }],
  throughput: BUSY,
  throughputOverTime: [{ startsAt: STARTS[0], ...QUIET, isUnfinished: false }, { startsAt: STARTS[1], ...BUSY, isUnfinished: true }],
  requestsFrom: '2026-11-24T10:00:00.000Z',
};
const REPORT: PerformanceReport = { range, comparedRange: null, generatedAt: range.to, coverage: { dataFrom: STARTS[0] }, ...FIGURES, compared: null };

async function render(report: PerformanceReport, language: Language = 'en'): Promise<string> {
  const page = (
    <Providers language={language}>
      <PerformancePage input={{ range: '7d' }} initial={report} />
    </Providers>
  );
  const handler = createStaticHandler([{ path: '*', element: page }]);
  const context = await handler.query(new Request('http://localhost/monitoring/performance?range=7d&compare=previous'));
  if (context instanceof Response) throw new Error('nothing here redirects');
  return renderToStaticMarkup(<StaticRouterProvider router={createStaticRouter(handler.dataRoutes, context)} context={context} hydrate={false} />).replaceAll('\u00a0', ' ').replaceAll('&amp;', '&');
}

test('every family has its percentiles, and says how many were timed; none has a dash and a reason', async () => {
  const html = await render(REPORT);
  expect(html).toMatch(/Model calls, p95.*8\.1s.*p50 2\.25s · p99 11\.8s.*1,234 model calls were timed/s);
  expect(html).toMatch(/Web requests, p95.*—.*no request in this range/s);
});

test('a name in a table leads to its development over time, in the same range; the rest and operations of the past are told', async () => {
  const html = await render(REPORT);
  expect(html).toContain('href="/monitoring/performance?range=7d&compare=previous&family=interaction&handler=tarot#over-time"');
  expect(html).toMatch(/aria-current="true"[^>]*>Horoscope</);
  expect(html).toMatch(/>retired<.*all others/s);
});

test('what is shown over time is named, with a way back to all of it', async () => {
  const html = await render(REPORT);
  expect(html).toContain('Only Horoscope · a/b.');
  expect(html).toContain('href="/monitoring/performance?range=7d&compare=previous&family=generation"');
  expect(await render({ ...REPORT, chosen: { ...FIGURES.chosen, operation: null, model: null } })).not.toContain('Only ');
});

test('counts of a time before there were records are dashes, never zeros', async () => {
  const html = await render(REPORT);
  const row = /23 Nov 2026, 03:00.*?<\/tr>/s.exec(html.slice(html.indexOf('Throughput</caption>')))?.[0] ?? '';
  expect(row.match(/—/g)).toHaveLength(6);
  expect(html).toMatch(/20 answered · 1 failed.*on record since 24 Nov 2026, 13:00/s);
});

test('against an earlier range, less time is good and more is bad', async () => {
  const compared = { ...FIGURES, latencies: { ...FIGURES.latencies, generation: { ...SLOW, p95Ms: 16_200 }, interaction: { ...FAST, p95Ms: 100 } } };
  const html = await render({ ...REPORT, comparedRange: { ...range, preset: null }, compared });
  expect(html).toMatch(/change-good.*50% less.*before: 16\.2s/s);
  expect(html).toMatch(/change-bad.*90% more.*before: 100 ms/s);
  expect(html).toContain('before: not known');
});

test('in Russian, plural forms are right', async () => {
  expect(await render(REPORT, 'ru')).toContain('измерено 1 234 вызова моделей');
  expect(await render({ ...REPORT, latencies: { ...FIGURES.latencies, generation: { ...SLOW, count: 21 } } }, 'ru')).toContain('измерен 21 вызов модели');
  expect(await render(REPORT, 'ru')).toContain('обработано 5 обновлений');
});
