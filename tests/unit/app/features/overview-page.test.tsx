import { renderToStaticMarkup } from 'react-dom/server';
import { createStaticHandler, createStaticRouter, StaticRouterProvider } from 'react-router-dom/server.js';
import { expect, test } from 'vitest';
import { Providers } from '#app/components/providers.tsx';
import { OverviewPage } from '#app/features/overview/overview-page.tsx';
import type { Overview, OverviewFigures } from '#server/contracts/overview.ts';
import type { Language } from '#server/contracts/vocabulary.ts';

const STARTS = ['2026-11-23T00:00:00.000Z', '2026-11-24T00:00:00.000Z'] as const;
const range = { preset: '7d', from: STARTS[0], to: '2026-11-24T21:05:09.000Z', bucket: 'day', timeZone: 'UTC' } as const;
const comparedRange = { ...range, preset: null, from: '2026-11-16T00:00:00.000Z', to: '2026-11-17T21:05:09.000Z' } as const;
const NO_USD = '0.000000000000';
const TOKENS = { prompt: 100_000, completion: 200_000, cachedPrompt: 10_000, reasoning: 0, total: 300_000 };

const FIGURES: OverviewFigures = {
  activeUsers: { dau: 120, wau: 500, mau: 1_300 },
  cost: {
    totalUsd: '4.000000000000', billedUsd: '4.000000000000', lookupUsd: NO_USD, estimatedUsd: NO_USD, averageUsd: '0.002000000000',
    perActiveUserUsd: '0.003000000000', perPayingUserUsd: null, activeUserCount: 1_300, payingUserCount: 0,
  },
  generations: { totalCount: 2_005, settledCount: 2_000, voidCount: 0, reservedCount: 3, unknownCount: 2 },
  tokens: TOKENS,
  costOverTime: [
    { startsAt: STARTS[0], costUsd: '1.000000000000', generationCount: 500, isUnfinished: false },
    { startsAt: STARTS[1], costUsd: '3.000000000000', generationCount: 1_505, isUnfinished: true },
  ],
  costByOperation: [
    { operation: 'horoscope', costUsd: '4.000000000000', generationCount: 2_005, failedCount: 0, tokenCount: 300_000, averageUsd: '0.002000000000' },
    { operation: 'tarot_card', costUsd: NO_USD, generationCount: 0, failedCount: 0, tokenCount: 0, averageUsd: null },
  ],
  interactions: { totalCount: 1_000, failedCount: 10, errorRatio: 0.01, p95Ms: 4_000 },
  generationP95Ms: 8_000,
};
const EARLIER: OverviewFigures = {
  ...FIGURES,
  activeUsers: { dau: 100, wau: 500, mau: 0 },
  cost: { ...FIGURES.cost, totalUsd: '2.000000000000', averageUsd: '0.001000000000', perActiveUserUsd: null },
  tokens: { ...TOKENS, total: 150_000 },
  costOverTime: [{ startsAt: comparedRange.from, costUsd: '2.000000000000', generationCount: 900, isUnfinished: false }],
  costByOperation: [{ operation: 'horoscope', costUsd: '2.000000000000', generationCount: 900, failedCount: 0, tokenCount: 0, averageUsd: null }],
  interactions: { ...FIGURES.interactions, errorRatio: 0.02, p95Ms: 2_000 },
};
const REPORT: Overview = { range, comparedRange: null, generatedAt: range.to, coverage: { dataFrom: STARTS[0] }, ...FIGURES, compared: null };
const COMPARED: Overview = { ...REPORT, comparedRange, compared: EARLIER };

async function render(overview: Overview, language: Language = 'en'): Promise<string> {
  const page = (
    <Providers language={language}>
      <OverviewPage input={{ range: '7d' }} initial={overview} healthPanel={null} />
    </Providers>
  );
  const handler = createStaticHandler([{ path: '*', element: page }]);
  const context = await handler.query(new Request('http://localhost/monitoring?range=7d&compare=previous'));
  if (context instanceof Response) throw new Error('nothing here redirects');
  return renderToStaticMarkup(<StaticRouterProvider router={createStaticRouter(handler.dataRoutes, context)} context={context} hydrate={false} />).replaceAll('\u00a0', ' ').replaceAll('&amp;', '&');
}

/** The card of one number, from its name to the next. */
const cardOf = (html: string, name: string) => new RegExp(`>${name}</h3>.*?(?=<h3|<h2|$)`, 's').exec(html)?.[0] ?? '';
const tableOf = (html: string, caption: string) => new RegExp(`>${caption}</caption>.*?</table>`, 's').exec(html)?.[0] ?? '';

test('without a comparison no number has an earlier one, in the cards, the chart and the tables', async () => {
  const html = await render(REPORT);
  expect(html).not.toMatch(/before:|>Before<|>Change<|line-before|dotted line/);
});

test('every number says by how much it changed and what it was, against the compared range', async () => {
  const html = await render(COMPARED);
  expect(cardOf(html, 'AI cost')).toMatch(/change-plain.*100% more.*before: \$2\.0000/s);
  expect(cardOf(html, 'Requests')).toMatch(/as before.*before: 2,005/s);
  expect(cardOf(html, 'Tokens')).toMatch(/100% more.*before: 150,000/s);
  for (const name of ['DAU', 'WAU', 'MAU', 'Average cost', 'Cost per active user', 'Cost per paying user', 'Error rate', 'p95 latency of interactions', 'p95 latency of model calls']) {
    expect(cardOf(html, name)).toContain('before:');
  }
});

test('fewer errors and more users are good, more time and a dearer request are bad', async () => {
  const html = await render(COMPARED);
  expect(cardOf(html, 'Error rate')).toMatch(/change-good.*50% less/s);
  expect(cardOf(html, 'DAU')).toMatch(/change-good.*20% more/s);
  expect(cardOf(html, 'p95 latency of interactions')).toMatch(/change-bad.*100% more/s);
  expect(cardOf(html, 'Average cost')).toMatch(/change-bad.*100% more/s);
});

test('an earlier number that is zero gives no ratio, and one that is not known says so', async () => {
  const html = await render(COMPARED);
  expect(cardOf(html, 'MAU')).toMatch(/before: 0/);
  expect(cardOf(html, 'MAU')).not.toMatch(/%|more/);
  expect(cardOf(html, 'Cost per active user')).toContain('before: not known');
});

test('the chart has a line for the compared range, and its table what was before; a dash where there is no counterpart', async () => {
  const html = await render(COMPARED);
  expect(html).toMatch(/aria-label="Bar chart of the AI cost.*The dotted line is what it is compared with: from 16 Nov 2026, 00:00 to 17 Nov 2026, 21:05, \$2\.0000 in all\."/);
  expect(html).toContain('class="line line-before"');
  const [first = '', second = ''] = tableOf(html, 'Cost over time').split('<tr>').slice(2);
  expect(first).toMatch(/data-exact="1\.000000000000".*data-exact="2\.000000000000"/s);
  expect(second).toMatch(/data-exact="3\.000000000000".*not known/s);
});

test('steps that only the compared range has are told, since the chart has no place for them', async () => {
  const costOverTime = [...EARLIER.costOverTime, ...EARLIER.costOverTime, ...EARLIER.costOverTime, ...EARLIER.costOverTime];
  const longer: Overview = { ...COMPARED, compared: { ...EARLIER, costOverTime } };
  expect(await render(longer)).toContain('The compared range has 2 steps more, which are not shown here.');
  expect(await render(longer, 'ru')).toContain('В сравниваемом периоде на 2 шага больше, здесь они не показаны.');
  expect(await render(COMPARED)).not.toContain('steps more');
});

test('an operation says how its cost changed; one that is new to the list has no earlier cost', async () => {
  const table = tableOf(await render(COMPARED), 'Cost by operation');
  expect(table).toMatch(/Horoscope.*100% more.*before: \$2\.0000.*Tarot: one card.*before: not known/s);
});
