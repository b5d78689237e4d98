import { renderToStaticMarkup } from 'react-dom/server';
import { createStaticHandler, createStaticRouter, StaticRouterProvider } from 'react-router-dom/server.js';
import { expect, test } from 'vitest';
import { Providers } from '#app/components/providers.tsx';
import { UsersPage } from '#app/features/users/users-page.tsx';
import type { Users, UsersFigures } from '#server/contracts/users.ts';
import type { Language } from '#server/contracts/vocabulary.ts';

const STARTS = ['2026-11-23T00:00:00.000Z', '2026-11-24T00:00:00.000Z'] as const;
const range = { preset: '7d', from: STARTS[0], to: '2026-11-24T21:05:09.000Z', bucket: 'day', timeZone: 'UTC' } as const;
const NOT_OVER = { newCount: 0, activeCount: 0, ratio: null };

const FIGURES: UsersFigures = {
  windows: { dau: 210, wau: 900, mau: 2_100, dauOfMau: 0.1, wauOfMau: 900 / 2_100 },
  total: { activeCount: 1_300, newCount: 41, returningCount: 1_262, interactionCount: 5_201, interactionsPerActive: 5_201 / 1_300 },
  overTime: [
    { startsAt: STARTS[0], isUnfinished: false, activeCount: 0, newCount: 0, returningCount: 0 },
    { startsAt: STARTS[1], isUnfinished: true, activeCount: 1_300, newCount: 41, returningCount: 1_262 },
  ],
  bySource: [{ source: 'spring', signupCount: 30 }, { source: null, signupCount: 11 }],
  retention: [{ days: 1, newCount: 21, activeCount: 7, ratio: 7 / 21 }, { days: 7, newCount: 3, activeCount: 0, ratio: 0 }, { days: 30, ...NOT_OVER }],
  cohorts: [
    { firstDate: '2026-11-09', lastDate: '2026-11-15', newCount: 21, retention: [{ days: 1, newCount: 21, activeCount: 7, ratio: 7 / 21 }, { days: 7, newCount: 3, activeCount: 0, ratio: 0 }, { days: 30, ...NOT_OVER }] },
    { firstDate: '2026-11-16', lastDate: '2026-11-16', newCount: 2, retention: [{ days: 1, ...NOT_OVER }, { days: 7, ...NOT_OVER }, { days: 30, ...NOT_OVER }] },
  ],
};
const REPORT: Users = { range, comparedRange: null, generatedAt: range.to, coverage: { dataFrom: STARTS[0] }, ...FIGURES, compared: null };

async function render(report: Users, language: Language = 'en'): Promise<string> {
  const page = (
    <Providers language={language}>
      <UsersPage input={{ range: '7d' }} initial={report} />
    </Providers>
  );
  const handler = createStaticHandler([{ path: '*', element: page }]);
  const context = await handler.query(new Request('http://localhost/monitoring/users?range=7d'));
  if (context instanceof Response) throw new Error('nothing here redirects');
  return renderToStaticMarkup(<StaticRouterProvider router={createStaticRouter(handler.dataRoutes, context)} context={context} hydrate={false} />).replaceAll('\u00a0', ' ').replaceAll('&amp;', '&');
}

test('every figure says what it counts', async () => {
  const html = await render(REPORT);
  expect(html).toMatch(/DAU<.*>210<.*active in the last 24 hours/s);
  expect(html).toMatch(/Stickiness, day of month<.*>10%<.*DAU as a share of MAU/s);
  expect(html).toMatch(/Interactions per active user<.*>4<.*5,201 interactions in all/s);
  expect(html).toMatch(/D1 retention<.*>33\.3%<.*7 of 21 new users for whom that day is over/s);
});

test('nobody retained is 0 %, and a day that is not over is a dash with a reason', async () => {
  const html = await render(REPORT);
  expect(html).toMatch(/D7 retention<.*?>0%</s);
  expect(html).toMatch(/D30 retention<.*?—.*?no new user of this range has a whole day 30 d later yet/s);
});

test('ratios of nobody are dashes with a reason', async () => {
  const html = await render({
    ...REPORT,
    windows: { dau: 0, wau: 0, mau: 0, dauOfMau: null, wauOfMau: null },
    total: { activeCount: 0, newCount: 0, returningCount: 0, interactionCount: 0, interactionsPerActive: null },
    overTime: FIGURES.overTime.map((bucket) => ({ ...bucket, activeCount: 0, newCount: 0, returningCount: 0 })), bySource: [], cohorts: [],
  });
  expect(html).toMatch(/Stickiness, day of month<.*?—.*?nobody was active for a month/s);
  expect(html).toMatch(/Interactions per active user<.*?—.*?nobody was active in this range/s);
  for (const text of ['Nobody used the bot in this range.', 'Nobody was new in this range.', 'No whole day of this range is over.']) expect(html).toContain(text);
});

test('cohorts are named by their days, the newest first, with shares and users', async () => {
  const html = await render(REPORT);
  expect(html).toMatch(/16 Nov<\/time><\/th>.*?>2<.*9 Nov<\/time> – <time[^>]*>15 Nov<\/time>.*?>21<.*?33\.3% \(7\).*?0% \(0\)/s);
});

test('sources have their shares, all others their name, and the list ends in the total', async () => {
  expect(await render(REPORT)).toMatch(/>spring<.*?73\.2%.*all others<.*?26\.8%.*In all<.*?>41<.*?100%/s);
});

test('the table beside the chart has every bucket, and what cuts it', async () => {
  expect(await render(REPORT)).toMatch(/23 Nov 2026, 00:00.*24 Nov 2026, 00:00<\/time> \(still running\)/s);
});

test('against an earlier range more users are good', async () => {
  const compared = { ...FIGURES, total: { ...FIGURES.total, activeCount: 650 }, windows: { ...FIGURES.windows, dauOfMau: null } };
  const html = await render({ ...REPORT, comparedRange: { ...range, preset: null }, compared });
  expect(html).toMatch(/Active users<.*?change-good.*?100% more.*?before: 650/s);
  expect(html).toMatch(/Stickiness, day of month<.*?before: not known/s);
});

test('in Russian, plural forms are right', async () => {
  const html = await render(REPORT, 'ru');
  expect(html).toContain('всего 5 201 действие');
  expect(html).toContain('7 из 21 нового пользователя, у кого');
});
