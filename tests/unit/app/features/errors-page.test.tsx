import { renderToStaticMarkup } from 'react-dom/server';
import { createStaticHandler, createStaticRouter, StaticRouterProvider } from 'react-router-dom/server.js';
import { expect, test } from 'vitest';
import { Providers } from '#app/components/providers.tsx';
import { ErrorsPage } from '#app/features/errors/errors-page.tsx';
import type { ErrorsFigures, ErrorsReport } from '#server/contracts/errors.ts';
import type { Language } from '#server/contracts/vocabulary.ts';

const STARTS = ['2026-11-23T00:00:00.000Z', '2026-11-24T00:00:00.000Z'] as const;
const range = { preset: '7d', from: STARTS[0], to: '2026-11-24T21:05:09.000Z', bucket: 'day', timeZone: 'Europe/Moscow' } as const;
const REQUEST_ID = '0190a000-0000-7000-8000-000000000001';

const FIGURES: ErrorsFigures = {
  chosen: { handler: null, errorType: null },
  total: { interactionCount: 1_240, failedCount: 31, limitedCount: 4, errorRatio: 0.025, userCount: 21 },
  failures: [{ handler: 'tarot', errorType: 'ai_failed', failedCount: 30, userCount: 21 }, { handler: 'other', errorType: 'other', failedCount: 1, userCount: 1 }],
  handlers: [{ handler: 'tarot', interactionCount: 1_240, failedCount: 31, limitedCount: 4, errorRatio: 0.025, userCount: 21 }],
  series: [{ handler: 'tarot', errorType: 'ai_failed' }, { handler: null, errorType: null }],
  overTime: [
    { startsAt: STARTS[0], interactionCount: 0, failedCount: 0, limitedCount: 0, errorRatio: null, failedCounts: [0, 0], isUnfinished: false },
    { startsAt: STARTS[1], interactionCount: 1_240, failedCount: 31, limitedCount: 4, errorRatio: 0.025, failedCounts: [30, 1], isUnfinished: true },
  ],
  attempts: {
    attemptCount: 900,
    failedCount: 45,
    errorRatio: 0.05,
    failures: [
      { operation: 'tarot_card', model: 'a/b', errorType: 'timeout', failedCount: 40 },
      { operation: 'retired', model: 'a/b', errorType: 'api_error', failedCount: 3 },
      { operation: null, model: null, errorType: null, failedCount: 2 },
    ],
  },
};
const EXAMPLE = { at: '2026-11-24T10:00:05.000Z', handler: 'tarot', errorType: 'ai_failed', operation: 'tarot_card', userId: 7, updateId: 99, durationMs: 4_200, requestId: REQUEST_ID } as const;
const REPORT: ErrorsReport = {
  range, comparedRange: null, generatedAt: range.to, coverage: { dataFrom: STARTS[0] }, ...FIGURES,
  examples: [EXAMPLE, { ...EXAMPLE, at: '2026-11-24T09:00:05.000Z', operation: null, updateId: null, requestId: null }], examplesFrom: null, compared: null,
};

async function render(report: ErrorsReport, language: Language = 'en'): Promise<string> {
  const page = (
    <Providers language={language}>
      <ErrorsPage input={{ range: '7d' }} initial={report} />
    </Providers>
  );
  const handler = createStaticHandler([{ path: '*', element: page }]);
  const context = await handler.query(new Request('http://localhost/monitoring/errors?range=7d&handler=natal&errorType=internal'));
  if (context instanceof Response) throw new Error('nothing here redirects');
  return renderToStaticMarkup(<StaticRouterProvider router={createStaticRouter(handler.dataRoutes, context)} context={context} hydrate={false} />).replaceAll('\u00a0', ' ').replaceAll('&amp;', '&');
}

test('every figure says what it counts', async () => {
  const html = await render(REPORT);
  expect(html).toMatch(/Error rate.*2\.5%.*31 of 1,240 interactions failed/s);
  expect(html).toMatch(/Users hit.*>21<.*different users who met a failure/s);
  expect(html).toMatch(/Refused by a budget.*>4<.*neither a success nor a failure/s);
  expect(html).toMatch(/Failed model calls.*>45<.*5% of 900 attempts/s);
});

test('a ratio of nothing is a dash with a reason, never a zero', async () => {
  const total = { interactionCount: 0, failedCount: 0, limitedCount: 0, errorRatio: null, userCount: 0 };
  const html = await render({ ...REPORT, total, failures: [], handlers: [], series: [], overTime: [], examples: [], attempts: { attemptCount: 0, failedCount: 0, errorRatio: null, failures: [] } });
  expect(html).toMatch(/Error rate.*—.*no interactions in this range/s);
  for (const text of ['Nothing failed in this range.', 'There is no example.', 'no attempts in this range', 'No attempt ended with an error in this range.']) expect(html).toContain(text);
});

test('a name in a chart or a table narrows the page to it, in the same range', async () => {
  const html = await render(REPORT);
  expect(html.match(/href="\/monitoring\/errors\?range=7d&handler=tarot&errorType=ai_failed"/g)).toHaveLength(2);
  expect(html).toContain('href="/monitoring/errors?range=7d&handler=tarot"');
});

test('what the page is narrowed to is named, with a way back to all of it', async () => {
  const html = await render({ ...REPORT, chosen: { handler: 'natal', errorType: 'internal' } });
  expect(html).toMatch(/Only Natal chart · fault of the bot\..*href="\/monitoring\/errors\?range=7d"[^>]*>Show all/s);
  expect(await render(REPORT)).not.toContain('Show all');
});

test('an example leads to the story of its reading and to what the user did; without one there is a dash', async () => {
  const html = await render(REPORT);
  expect(html).toMatch(new RegExp(`href="/monitoring/generations/${REQUEST_ID}"[^>]*>Story`));
  expect(html.match(/>Story<\/a>/g)).toHaveLength(1);
  expect(html).toContain('href="/monitoring/generations?range=7d&user=7"');
  expect(html).toContain('24 Nov, 13:00:05');
});

test('an error of a model leads to its attempts; one that no filter knows, and all others, are told', async () => {
  const html = await render(REPORT);
  expect(html).toContain('href="/monitoring/generations?range=7d&operation=tarot_card&model=a%2Fb&errorType=timeout"');
  expect(html).toMatch(/>api_error<.*all others/s);
});

test('a bucket without interactions has no error rate, and the last one is told to be running', async () => {
  const html = await render(REPORT);
  const rows = html.slice(html.indexOf('Failures over time</caption>')).split('</tr>');
  expect(rows[1]).toMatch(/23 Nov 2026, 03:00.*>0<.*—/s);
  expect(rows[2]).toMatch(/still running.*1,240.*31.*2\.5%.*>4<.*>30<.*>1</s);
});

test('against an earlier range, fewer failures are good and more are bad', async () => {
  const compared = { ...FIGURES, total: { ...FIGURES.total, failedCount: 62, userCount: 7, errorRatio: null } };
  const html = await render({ ...REPORT, comparedRange: { ...range, preset: null }, compared });
  expect(html).toMatch(/change-good.*50% less.*before: 62/s);
  expect(html).toMatch(/change-bad.*200% more.*before: 7/s);
  expect(html).toContain('before: not known');
});

test('where examples are kept for a shorter time than the range, it says since when', async () => {
  expect(await render({ ...REPORT, examplesFrom: '2026-11-24T00:00:00.000Z' })).toContain('kept one by one since 24 Nov 2026, 03:00');
  expect(await render({ ...REPORT, examplesFrom: '2026-11-01T00:00:00.000Z' })).not.toContain('kept one by one');
});

test('in Russian, plural forms are right', async () => {
  expect(await render(REPORT, 'ru')).toContain('31 из 1 240 обращений с ошибкой');
  expect(await render({ ...REPORT, total: { ...FIGURES.total, interactionCount: 21 } }, 'ru')).toContain('31 из 21 обращения с ошибкой');
  expect(await render({ ...REPORT, attempts: { ...FIGURES.attempts, attemptCount: 1 } }, 'ru')).toContain('5 % от 1 попытки');
});
