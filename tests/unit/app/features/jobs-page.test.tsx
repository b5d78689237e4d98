import { renderToStaticMarkup } from 'react-dom/server';
import { createStaticHandler, createStaticRouter, StaticRouterProvider } from 'react-router-dom/server.js';
import { expect, test } from 'vitest';
import { Providers } from '#app/components/providers.tsx';
import { JobsPage } from '#app/features/jobs/jobs-page.tsx';
import type { JobsFigures, JobsReport, Runs } from '#server/contracts/jobs.ts';
import type { Language } from '#server/contracts/vocabulary.ts';

const STARTS = ['2026-11-23T00:00:00.000Z', '2026-11-24T00:00:00.000Z'] as const;
const range = { preset: '7d', from: STARTS[0], to: '2026-11-24T21:05:09.000Z', bucket: 'day', timeZone: 'Europe/Moscow' } as const;
const NO_RUN: Runs = { runCount: 0, okCount: 0, failedCount: 0, retriedCount: 0, openCount: 0, failureRatio: null, p50Ms: null, p95Ms: null };
const RUNS: Runs = { runCount: 1_440, okCount: 1_400, failedCount: 36, retriedCount: 3, openCount: 1, failureRatio: 0.025, p50Ms: 51, p95Ms: 2_400 };
const { failureRatio: _, p50Ms: __, p95Ms: ___, ...COUNTS } = RUNS;
const { failureRatio: ____, p50Ms: _____, p95Ms: ______, ...NO_COUNTS } = NO_RUN;

const FIGURES: JobsFigures = {
  chosen: null,
  total: RUNS,
  runs: [
    { kind: 'schedule', name: 'refresh_prices', ...RUNS },
    { kind: 'schedule', name: 'measure_drift', ...NO_RUN },
    { kind: 'schedule', name: 'other', ...NO_RUN, runCount: 7, okCount: 7 },
    { kind: 'job', name: 'deliver_alerts', ...NO_RUN, runCount: 4, retriedCount: 4 },
  ],
  overTime: [{ startsAt: STARTS[0], ...NO_COUNTS, isUnfinished: false }, { startsAt: STARTS[1], ...COUNTS, isUnfinished: true }],
};
const REPORT: JobsReport = {
  range, comparedRange: null, generatedAt: range.to, coverage: { dataFrom: STARTS[0] }, ...FIGURES,
  now: {
    runningCount: 2,
    schedules: [
      {
        name: 'refresh_prices', state: 'late', intervalSeconds: 3_600, nextDueAt: '2026-11-24T21:25:00.000Z', lateSince: '2026-11-24T20:26:00.000Z',
        lastRun: { startedAt: '2026-11-24T20:25:01.000Z', finishedAt: '2026-11-24T20:25:04.000Z', outcome: 'failed' }, lastSuccessAt: '2026-11-24T18:25:03.000Z', lastFailureAt: '2026-11-24T20:25:04.000Z',
      },
      { name: 'measure_drift', state: 'off', intervalSeconds: 900, nextDueAt: null, lateSince: null, lastRun: null, lastSuccessAt: null, lastFailureAt: null },
    ],
    jobs: [{ name: 'deliver_alerts', lastRunAt: '2026-11-24T09:05:00.000Z', lastSuccessAt: null, lastFailureAt: null }],
    queues: [{ queue: 'inbox', pending: 5, active: 1, failed: 2, completed: 12_345 }, { queue: 'deliver_alerts', pending: 1, active: 0, failed: 0, completed: 0 }],
  },
  compared: null,
};

async function render(report: JobsReport, language: Language = 'en'): Promise<string> {
  const page = (
    <Providers language={language}>
      <JobsPage input={{ range: '7d' }} initial={report} />
    </Providers>
  );
  const handler = createStaticHandler([{ path: '*', element: page }]);
  const context = await handler.query(new Request('http://localhost/monitoring/jobs?range=7d&name=measure_drift'));
  if (context instanceof Response) throw new Error('nothing here redirects');
  return renderToStaticMarkup(<StaticRouterProvider router={createStaticRouter(handler.dataRoutes, context)} context={context} hydrate={false} />).replaceAll('\u00a0', ' ').replaceAll('&amp;', '&');
}

const rowOf = (html: string, table: string, name: string) => {
  const body = html.slice(html.indexOf(`${table}</caption>`));
  return body.slice(body.indexOf(`>${name}<`)).split('</tr>')[0] ?? '';
};

test('how things stand now is told apart from the range', async () => {
  const html = await render(REPORT);
  expect(html).toMatch(/Late schedules.*>1<.*Refresh prices.*without a success for two of their rounds/s);
  expect(html).toMatch(/Running now.*>2</s);
  expect(html).toMatch(/Waiting now.*>6</s);
  expect(html).toMatch(/Runs.*1,440.*1,400 of 1,440 runs ended well.*Failed runs.*>36<.*2\.5% of those that have ended/s);
});

test('a late schedule says since when, with its last runs and its next due time', async () => {
  const row = rowOf(await render(REPORT), 'Schedules', 'Refresh prices');
  expect(row).toMatch(/badge-bad.*late.*since 24 Nov, 23:26.*1 hr.*1,440.*36.*>1<.*51 ms.*2\.4s.*24 Nov, 23:25:01.*failed.*24 Nov, 21:25:03.*24 Nov, 23:25:04.*25 Nov, 00:25:00/s);
});

test('a schedule that this installation has no use for is off, and what is not known of it is a dash', async () => {
  const row = rowOf(await render(REPORT), 'Schedules', 'Measure the drift');
  expect(row).toMatch(/off.*not configured/s);
  expect(row.match(/—/g)).toHaveLength(6);
});

test('runs of older versions are told together, and lead nowhere', async () => {
  const html = await render(REPORT);
  expect(rowOf(html, 'Schedules', 'Of older versions')).toContain('>7<');
  expect(html).not.toContain('name=other');
});

test('a name narrows the page to it, in the same range, and there is a way back', async () => {
  expect(await render(REPORT)).toContain('href="/monitoring/jobs?range=7d&name=deliver_alerts"');
  expect(await render({ ...REPORT, chosen: 'measure_drift' })).toMatch(/Only Measure the drift\..*href="\/monitoring\/jobs\?range=7d"[^>]*>Show all/s);
});

test('narrowed to a job, there are no schedules, and their card is not there either', async () => {
  const html = await render({ ...REPORT, chosen: 'deliver_alerts', runs: FIGURES.runs.slice(3), now: { ...REPORT.now, schedules: [] } });
  expect(html).not.toContain('Late schedules');
  expect(html).not.toContain('Schedules</caption>');
});

test('queues have a number for each status, whatever the range', async () => {
  expect(rowOf(await render(REPORT), 'Queues now', 'Updates of Telegram')).toMatch(/>5<.*>1<.*>2<.*12,345/s);
});

test('without any run there are dashes and reasons', async () => {
  const html = await render({ ...REPORT, total: NO_RUN, runs: [], overTime: [] });
  expect(html).toMatch(/p95 duration.*—.*no run in this range/s);
  for (const text of ['Nothing ran in this range.', 'Nothing failed in this range.']) expect(html).toContain(text);
});

test('failures are drawn on their own beside all runs, with a table of the same figures', async () => {
  const html = await render(REPORT);
  expect(html).toContain('Stacked bar chart of failures from 23 Nov 2026, 03:00 to 25 Nov 2026, 00:05, 39 in all.');
  expect(rowOf(html, 'Runs over time', '24 Nov 2026, 03:00')).toMatch(/still running.*1,440.*1,400.*>3<.*>36<.*>1</s);
});

test('against an earlier range, fewer failures are good', async () => {
  const compared = { ...FIGURES, total: { ...RUNS, failedCount: 72 } };
  expect(await render({ ...REPORT, comparedRange: { ...range, preset: null }, compared })).toMatch(/change-good.*50% less.*before: 72/s);
});

test('in Russian, plural forms are right', async () => {
  expect(await render(REPORT, 'ru')).toContain('1 400 из 1 440 запусков кончились хорошо');
  expect(await render({ ...REPORT, total: { ...RUNS, runCount: 21, okCount: 20 } }, 'ru')).toContain('20 из 21 запуска кончились хорошо');
});
