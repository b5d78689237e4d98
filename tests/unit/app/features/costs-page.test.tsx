import type { ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { createStaticHandler, createStaticRouter, StaticRouterProvider } from 'react-router-dom/server.js';
import { expect, test } from 'vitest';
import { Providers } from '#app/components/providers.tsx';
import { SplitSection } from '#app/features/costs/split-section.tsx';
import type { CostPart, Costs, CostsFigures, CostsInput, CostSums } from '#server/contracts/costs.ts';
import type { Language } from '#server/contracts/vocabulary.ts';

const STARTS = ['2026-11-23T00:00:00.000Z', '2026-11-24T00:00:00.000Z'] as const;
const ZERO = '0.000000000000';
const range = { preset: '7d', from: STARTS[0], to: '2026-11-24T21:05:09.000Z', bucket: 'day', timeZone: 'UTC' } as const;
const NOTHING: CostSums = {
  costUsd: ZERO, billedUsd: ZERO, lookupUsd: ZERO, estimatedUsd: ZERO, attemptCount: 0, settledCount: 0, voidCount: 0, reservedCount: 0, unknownCount: 0,
  promptTokens: 0, completionTokens: 0, cachedPromptTokens: 0, reasoningTokens: 0, averageUsd: null,
};
const TOTAL: CostSums = {
  costUsd: '0.400000000000', billedUsd: '0.300000000000', lookupUsd: '0.100000000000', estimatedUsd: ZERO, attemptCount: 200, settledCount: 190, voidCount: 5, reservedCount: 3, unknownCount: 2,
  promptTokens: 120_000, completionTokens: 80_000, cachedPromptTokens: 60_000, reasoningTokens: 10_000, averageUsd: '0.002105263158',
};
const part = (key: string | null, sums: Partial<CostSums>): CostPart => ({ ...NOTHING, ...sums, key });
const whole = (key: string): CostPart[] => [{ ...TOTAL, key }];
const FIGURES: CostsFigures = {
  total: TOTAL,
  by: 'operation',
  series: ['horoscope', 'tarot_card', null],
  overTime: [
    { startsAt: STARTS[0], isUnfinished: false, costUsd: '0.300000000000', attemptCount: 150, partsUsd: ['0.200000000000', '0.100000000000', ZERO] },
    { startsAt: STARTS[1], isUnfinished: true, costUsd: '0.100000000000', attemptCount: 50, partsUsd: ['0.100000000000', ZERO, ZERO] },
  ],
  byOperation: [
    part('horoscope', { costUsd: '0.300000000000', attemptCount: 150, settledCount: 150, averageUsd: '0.002000000000' }),
    part('tarot_card', { costUsd: '0.100000000000', attemptCount: 45, settledCount: 40, voidCount: 5, averageUsd: '0.002500000000' }),
    part('natal_chart', { attemptCount: 5, reservedCount: 3, unknownCount: 2 }),
  ],
  byModel: whole('a name with blanks'),
  byPlan: whole('free'),
  byCostSource: whole('billed'),
  byDisposition: whole('none'),
};
const REPORT: Costs = { range, comparedRange: null, generatedAt: range.to, coverage: { dataFrom: STARTS[0] }, ...FIGURES, compared: null };
const compareWith = (compared: CostsFigures): Costs => ({ ...REPORT, comparedRange: { ...range, preset: null }, compared });

async function renderAt(search: string, node: ReactNode): Promise<string> {
  const handler = createStaticHandler([{ path: '*', element: node }]);
  const context = await handler.query(new Request(`http://localhost/monitoring/costs${search}`));
  if (context instanceof Response) throw new Error('nothing here redirects');
  return renderToStaticMarkup(<StaticRouterProvider router={createStaticRouter(handler.dataRoutes, context)} context={context} hydrate={false} />).replaceAll('\u00a0', ' ').replaceAll('&amp;', '&');
}

function render(report: Costs, { input = {}, search = '?range=7d', language = 'en' }: { input?: CostsInput; search?: string; language?: Language } = {}): Promise<string> {
  return renderAt(search, <Providers language={language}><SplitSection report={report} input={input} /></Providers>);
}

/** The row of a table that begins with a name, as text. */
function readRow(html: string, table: string, name: string): string {
  const body = html.split(`>${table}</caption>`)[1]?.split('</table>')[0] ?? '';
  const row = body.split('<tr>').find((each) => each.replace(/<[^>]+>/g, '').startsWith(name)) ?? '';
  return row.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ').trim();
}

test('the total says how sure it is and what is not in it', async () => {
  const html = await render(REPORT);
  expect(html).toMatch(/\$0\.4000.*75% billed · 25% looked up · 0% estimated.*not in the sum: 3 reserved, 2 unknown/s);
});

test('the bars are stacked from the dearest part up, even where all of it is less than a dollar', async () => {
  const html = await render(REPORT);
  expect(html).toContain('<rect class="stack-first" x="0.1" width="0.8" y="33.33" height="66.67">');
  expect(html).toContain('<rect class="stack-second" x="0.1" width="0.8" y="0.00" height="33.33">');
  expect(html).toContain('<rect class="stack-first bar-part" x="1.1"');
  expect(html).toMatch(/aria-label="Stacked bars of the AI cost from .*, \$0\.4000 in all, split by: Operation\./);
});

test('below the chart every part is named, a name leads to that part alone, and others are no link', async () => {
  const html = await render(REPORT);
  expect(html).toMatch(/<ul class="chart-legend">.*href="\/monitoring\/costs\?range=7d&operation=horoscope"[^>]*>Horoscope<.*<\/svg>all others<\/li>/s);
});

test('every table ends in the total, and each row tells its share', async () => {
  const html = await render(REPORT);
  expect(html.match(/>In all</g)).toHaveLength(5);
  expect(readRow(html, 'Cost by operation', 'Horoscope')).toBe('Horoscope $0.3000 75% 150 0 0 $0.0020');
  expect(readRow(html, 'Cost by operation', 'In all')).toBe('In all $0.4000 100% 200 5 200,000 $0.0021');
});

test('a part of which no cost is known shows dashes, never a zero', async () => {
  expect(readRow(await render(REPORT), 'Cost by operation', 'Natal')).toMatch(/— not known — not known 5 5 0 — not known$/);
});

test('a name leads to the same page narrowed to it; a name that the API does not take is text', async () => {
  const html = await render(REPORT, { search: '?range=24h&by=model&history=x' });
  expect(html).toContain('href="/monitoring/costs?range=24h&by=model&history=x&plan=free"');
  expect(html).toContain('disposition=none');
  expect(html).toContain('<th scope="row">a name with blanks<');
});

test('each filter is told with a link that lifts it alone, and what is not filtered is said', async () => {
  const html = await render(REPORT, { input: { operation: 'horoscope', plan: 'free' }, search: '?range=7d&operation=horoscope&plan=free' });
  expect(html).toMatch(/<a [^>]*href="\/monitoring\/costs\?range=7d&plan=free"[^>]*>Operation: Horoscope/);
  expect(html).toMatch(/<a [^>]*href="\/monitoring\/costs\?range=7d&operation=horoscope"[^>]*>Plan: free/);
  expect(html).toContain('“Value and waste” and what follows it are of all attempts.');
});

test('what the chart is split by is in the address, and the one shown is marked', async () => {
  const html = await render({ ...REPORT, by: 'plan', series: ['free'] }, { search: '?range=7d&by=plan' });
  expect(html).toMatch(/<a (?=[^>]*aria-current="page")[^>]*href="\/monitoring\/costs\?range=7d&by=plan"[^>]*>Plan</);
  expect(html).toMatch(/<a [^>]*href="\/monitoring\/costs\?range=7d"[^>]*>Operation</);
});

test('against an earlier range every total and every row says by how much it changed', async () => {
  const earlier = { ...FIGURES, total: { ...TOTAL, costUsd: '0.200000000000' }, byOperation: [part('horoscope', { costUsd: '0.200000000000' })] };
  const html = await render(compareWith(earlier));
  expect(html).toMatch(/\$0\.4000.*?100% more.*?\(before: \$0\.2000\)/s);
  expect(readRow(html, 'Cost by operation', 'Horoscope')).toContain('50% more (before: $0.2000)');
  expect(readRow(html, 'Cost by operation', 'Tarot')).toContain('(before: $0.00)');
});

test('a part that was not listed by name before is not said to have been nothing', async () => {
  const earlier = { ...FIGURES, byOperation: [part('horoscope', { costUsd: '0.200000000000' }), part(null, { costUsd: '0.010000000000' })] };
  expect(readRow(await render(compareWith(earlier)), 'Cost by operation', 'Tarot')).toContain('before: not known');
});

test('without attempts it says so, divides by nothing and shows no table', async () => {
  const none: CostsFigures = { ...FIGURES, total: NOTHING, series: [], overTime: [], byOperation: [], byModel: [], byPlan: [], byCostSource: [], byDisposition: [] };
  const html = await render({ ...REPORT, ...none });
  expect(html).toContain('There was no cost in this range.');
  expect(html).not.toContain('Cost by operation');
  expect(html).not.toContain('NaN');
});

test('every table can be downloaded with the filters of the page', async () => {
  const html = await render(REPORT, { search: '?range=7d&plan=free' });
  for (const table of ['over-time', 'operations', 'models', 'plans', 'cost-sources', 'dispositions', 'figures']) expect(html).toMatch(new RegExp(`href="[^"]*costs\\?[^"]*plan=free[^"]*table=${table}"`));
});

test('in Russian the words are Russian', async () => {
  const html = await render(REPORT, { language: 'ru' });
  expect(html).toContain('Расходы по операциям');
  expect(html).toContain('Источник суммы');
});
