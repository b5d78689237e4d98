import { renderToStaticMarkup } from 'react-dom/server';
import type { ReactNode } from 'react';
import { createStaticHandler, createStaticRouter, StaticRouterProvider } from 'react-router-dom/server.js';
import { expect, test } from 'vitest';
import { Providers } from '#app/components/providers.tsx';
import { RangeSwitch } from '#app/components/range-switch.tsx';
import { RefusedRangePage } from '#app/components/refused-range-page.tsx';
import type { ResolvedRange } from '#server/contracts/time-range.ts';
import type { Language } from '#server/contracts/vocabulary.ts';

const WEEK: ResolvedRange = { preset: '7d', from: '2026-11-13T12:00:00.000Z', to: '2026-11-20T12:00:00.000Z', bucket: 'day', timeZone: 'Europe/Moscow' };
/** What a report says beside its range. */
const reportOf = (comparedRange: ResolvedRange | null, dataFrom: string | null = '2026-01-01T00:00:00.000Z', compared: object | null = comparedRange && {}) => ({
  generatedAt: '2026-11-20T12:00:00.000Z',
  comparedRange,
  compared,
  coverage: { dataFrom },
});
const BEFORE: ResolvedRange = { ...WEEK, preset: null, from: '2026-11-06T12:00:00.000Z', to: '2026-11-13T12:00:00.000Z' };

async function render(node: ReactNode, search: string, language: Language = 'en'): Promise<string> {
  const handler = createStaticHandler([{ path: '*', element: node }]);
  const context = await handler.query(new Request(`http://localhost/monitoring/costs${search}`));
  if (context instanceof Response) throw new Error('nothing here redirects');
  return renderToStaticMarkup(
    <Providers language={language}>
      <StaticRouterProvider router={createStaticRouter(handler.dataRoutes, context)} context={context} hydrate={false} />
    </Providers>,
  );
}

/** The links of a page: where they lead, what they say, and whether they stand for what is shown. */
const linksOf = (html: string) =>
  [...html.matchAll(/<a ([^>]*)>([^<]*)<\/a>/g)].map(([, attributes = '', words = '']) => ({
    words,
    href: (/href="([^"]*)"/.exec(attributes)?.[1] ?? '').replaceAll('&amp;', '&'),
    isCurrent: attributes.includes('aria-current'),
  }));
const hiddenOf = (html: string) => [...html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]);

test('a page that neither steps nor compares offers presets and days alone', async () => {
  const html = await render(<RangeSwitch range={WEEK} />, '?range=7d');
  expect(linksOf(html).map(({ words, isCurrent }) => [words, isCurrent])).toEqual([['24 hours', false], ['7 days', true], ['30 days', false]]);
  expect(html).toContain('13 Nov 2026, 15:00 – 20 Nov 2026, 15:00');
});

test('two days are asked of the same page by a plain form, which carries on what else is asked', async () => {
  const html = await render(<RangeSwitch range={WEEK} hasSteps report={reportOf(null)} />, '?range=7d&bucket=hour&compare=year&model=a&cursor=x');
  expect(html).toMatch(/<form method="get" action="\/monitoring\/costs"/);
  expect(html).toMatch(/type="date" name="from" required="" value="2026-11-13"/);
  expect(html).toMatch(/type="date" name="to" required="" value="2026-11-20"/);
  expect(hiddenOf(html)).toEqual([['compare', 'year'], ['model', 'a']]);
});

test('steps are links that keep the range: those that fit it, and the automatic one', async () => {
  const html = await render(<RangeSwitch range={{ ...WEEK, bucket: 'hour' }} hasSteps />, '?range=7d&bucket=hour');
  expect(html).toContain('<summary>Step: by hour</summary>');
  expect(linksOf(html).slice(3)).toEqual([
    { words: 'automatic', href: '/monitoring/costs?range=7d', isCurrent: false },
    { words: 'by hour', href: '/monitoring/costs?range=7d&bucket=hour', isCurrent: true },
    { words: 'by day', href: '/monitoring/costs?range=7d&bucket=day', isCurrent: false },
  ]);
});

test('without a step in the URL the automatic one is marked, and the steps that it came to are told', async () => {
  const html = await render(<RangeSwitch range={WEEK} hasSteps />, '');
  expect(html).toContain('<summary>Step: by day</summary>');
  expect(linksOf(html).filter(({ isCurrent }) => isCurrent).map(({ words }) => words)).toEqual(['7 days', 'automatic']);
});

test('a comparison is a link, and what the range is compared with is told', async () => {
  const none = await render(<RangeSwitch range={WEEK} report={reportOf(null)} />, '?range=7d');
  expect(linksOf(none).slice(3)).toEqual([
    { words: 'not compared', href: '/monitoring/costs?range=7d', isCurrent: true },
    { words: 'with the previous period', href: '/monitoring/costs?range=7d&compare=previous', isCurrent: false },
    { words: 'with a year ago', href: '/monitoring/costs?range=7d&compare=year', isCurrent: false },
  ]);
  const previous = await render(<RangeSwitch range={WEEK} report={reportOf(BEFORE)} />, '?range=7d&compare=previous');
  expect(previous).toContain('<summary>Comparison: with the previous period</summary>');
  expect(previous).toContain('compared with 6 Nov 2026, 15:00 – 13 Nov 2026, 15:00, each day with the same weekday');
});

test('all of it is told in Russian too', async () => {
  const html = await render(<RangeSwitch range={WEEK} hasSteps report={reportOf(BEFORE)} />, '?compare=previous', 'ru');
  for (const words of ['Шаг: по дням', 'Сравнение: с предыдущим периодом', 'в сравнении с', 'автоматически', 'Другие дни']) expect(html).toContain(words);
});

test('a refused step names those that are allowed, and leads back to the range without it', async () => {
  const html = await render(<RefusedRangePage issues={[{ parameter: 'bucket', reason: 'too_many_buckets', allowed: ['hour', 'day'] }]} />, '?from=2026-11-01&to=2026-11-09&bucket=5min');
  expect(html).toContain('bucket: must be one of hour, day for a range of this length.');
  expect(linksOf(html)[0]).toEqual({ words: 'Show the range without it', href: '/monitoring/costs?from=2026-11-01&to=2026-11-09', isCurrent: false });
});

test('a refused range leads to the presets alone', async () => {
  const html = await render(<RefusedRangePage issues={[{ parameter: 'range', reason: 'unknown_preset' }, { parameter: 'compare', reason: 'unknown_comparison' }]} />, '?range=9y&compare=best');
  expect(html).toContain('range: must be one of 24h, 7d, 30d.');
  expect(html).toContain('compare: must be one of previous, year.');
  expect(linksOf(html).map(({ href }) => href)).toEqual(['24h', '7d', '30d'].map((preset) => `/monitoring/costs?range=${preset}`));
});

test.each([
  ['the range', '2026-11-18T07:30:00.000Z', null, true],
  ['only what the range is compared with', '2026-11-10T07:30:00.000Z', BEFORE, true],
  ['nothing that is shown', '2026-11-10T07:30:00.000Z', null, false],
  ['neither of the two', '2026-11-06T12:00:00.000Z', BEFORE, false],
] as const)('where records begin within %s, a page says whether zeros before that are zeros', async (_, dataFrom, comparedRange, isTold) => {
  const html = await render(<RangeSwitch range={WEEK} report={reportOf(comparedRange, dataFrom)} />, '?range=7d');
  expect(html.includes('on record since')).toBe(isTold);
  if (comparedRange === null && isTold) expect(html).toContain('on record since 18 Nov 2026, 10:30');
});

test('a page without any records yet, or without knowing of them, does not tell since when there are any', async () => {
  expect(await render(<RangeSwitch range={WEEK} report={reportOf(null, null)} />, '')).not.toContain('on record');
  expect(await render(<RangeSwitch range={WEEK} />, '')).not.toContain('on record');
});

test('a range that could not be compared is not told as compared', async () => {
  const html = await render(<RangeSwitch range={WEEK} report={reportOf(BEFORE, '2026-11-10T07:30:00.000Z', null)} />, '?range=7d&compare=previous');
  expect(html).toContain('not compared: 6 Nov 2026, 15:00 – 13 Nov 2026, 15:00 is not wholly on record');
  expect(html).toContain('on record since 10 Nov 2026, 10:30');
  expect(html).not.toContain('compared with');
});

test.each([
  ['now', null, '2026-10-21T13:00:00.000Z', true],
  ['now', null, '2026-10-21T12:00:00.000Z', false],
  ['at the end of what the range is compared with', BEFORE, '2026-10-14T13:00:00.000Z', true],
  ['at the end of what the range is compared with', BEFORE, '2026-10-14T12:00:00.000Z', false],
] as const)('a month that ends %s is part of what a page of users shows (%#)', async (_, comparedRange, dataFrom, isTold) => {
  const html = await render(<RangeSwitch range={WEEK} report={reportOf(comparedRange, dataFrom)} windowHours={30 * 24} />, '');
  expect(html.includes('on record since')).toBe(isTold);
});

test('a range to come is not compared, and it is said why', async () => {
  const later = { ...WEEK, preset: null, from: '2026-11-21T12:00:00.000Z', to: '2026-11-28T12:00:00.000Z' };
  const html = await render(<RangeSwitch range={later} report={reportOf(WEEK, '2026-01-01T00:00:00.000Z', null)} />, '?compare=previous');
  expect(html).toContain('not compared: this time is still to come');
  expect(html).not.toContain('on record');
});
