import { renderToStaticMarkup } from 'react-dom/server';
import { createStaticHandler, createStaticRouter, StaticRouterProvider } from 'react-router-dom/server.js';
import { expect, test } from 'vitest';
import { Providers } from '#app/components/providers.tsx';
import { EconomicsPage } from '#app/features/economics/economics-page.tsx';
import { parseEconomicsQuery } from '#app/features/economics/economics-query.ts';
import type { Account, Economics, EconomicsFigures } from '#server/contracts/economics.ts';
import type { Language } from '#server/contracts/vocabulary.ts';

const STARTS = ['2026-11-23T00:00:00.000Z', '2026-11-24T00:00:00.000Z'] as const;
const range = { preset: '7d', from: STARTS[0], to: '2026-11-24T21:05:09.000Z', bucket: 'day', timeZone: 'UTC' } as const;
const NOTHING: Account = {
  revenueUsd: '0.000000000000', revenueStars: 0, paymentUsd: '0.000000000000', paymentStars: 0, paymentCount: 0, refundUsd: '0.000000000000', refundStars: 0, refundCount: 0,
  costUsd: '0.000000000000', marginUsd: '0.000000000000',
};
const BUSY: Account = {
  revenueUsd: '61.750000000000', revenueStars: 4_750, paymentUsd: '65.000000000000', paymentStars: 5_000, paymentCount: 21, refundUsd: '3.250000000000', refundStars: 250, refundCount: 1,
  costUsd: '4.940000000000', marginUsd: '56.810000000000',
};
const FIGURES: EconomicsFigures = {
  total: { ...BUSY, marginRatio: 0.92, billedUsd: '4.940000000000', lookupUsd: '0.000000000000', estimatedUsd: '0.000000000000', attemptCount: 2_000, reservedCount: 3, unknownCount: 2 },
  users: {
    activeCount: 1_300, payingCount: 22, activePayingCount: 21, costPerActiveUsd: '0.003800000000', costPerPayingUsd: '0.020000000000', revenuePerActiveUsd: '0.047500000000',
    revenuePerPayingUsd: '2.806818181818', newCount: 41, convertedCount: 4, conversionRatio: 4 / 41, newPayingCount: 6,
  },
  overTime: [{ startsAt: STARTS[0], isUnfinished: false, ...NOTHING }, { startsAt: STARTS[1], isUnfinished: true, ...BUSY }],
  byPlan: [{ plan: 'free', ...NOTHING, costUsd: '1.000000000000', marginUsd: '-1.000000000000', attemptCount: 500, openCount: 5 }, { plan: 'premium', ...BUSY, attemptCount: 1_500, openCount: 0 }],
  byOperation: [
    { operation: 'horoscope', costUsd: '4.940000000000', attemptCount: 2_000, openCount: 5, deliveredCount: 1_900, perDeliveredUsd: '0.002600000000' },
    { operation: 'tarot_card', costUsd: '0.000000000000', attemptCount: 0, openCount: 0, deliveredCount: 0, perDeliveredUsd: null },
  ],
  bySource: [
    { source: 'spring', signupCount: 41, attemptCount: 1_990, ...BUSY },
    { source: null, signupCount: 0, attemptCount: 0, ...NOTHING },
    { source: '', signupCount: 0, attemptCount: 10, ...NOTHING },
  ],
  topUsers: [{ userId: 77, costUsd: '0.500000000000', attemptCount: 90, planNow: 'premium' }, { userId: 5, costUsd: '0.400000000000', attemptCount: 80, planNow: null }],
  otherUsers: { costUsd: '4.000000000000', attemptCount: 1_820 },
  nobody: { costUsd: '0.040000000000', attemptCount: 10 },
};
const REPORT: Economics = { range, comparedRange: null, generatedAt: range.to, coverage: { dataFrom: STARTS[0] }, ...FIGURES, compared: null };

async function render(report: Economics, language: Language = 'en', search = '?range=7d'): Promise<string> {
  const page = (
    <Providers language={language}>
      <EconomicsPage input={{ range: '7d' }} initial={report} />
    </Providers>
  );
  const handler = createStaticHandler([{ path: '*', element: page }]);
  const context = await handler.query(new Request(`http://localhost/monitoring/economics${search}`));
  if (context instanceof Response) throw new Error('nothing here redirects');
  return renderToStaticMarkup(<StaticRouterProvider router={createStaticRouter(handler.dataRoutes, context)} context={context} hydrate={false} />).replaceAll('\u00a0', ' ').replaceAll('&amp;', '&');
}

test('revenue is told in dollars and Stars, with its payments and refunds, and margin with its ratio', async () => {
  const html = await render(REPORT);
  expect(html).toMatch(/Revenue<.*\$61\.7500.*4,750 in Stars.*21 payments of \$65\.0000 in all.*1 refund of \$3\.2500</s);
  expect(html).toMatch(/Margin<.*\$56\.8100.*Margin ratio<.*92%/s);
  expect(html).toMatch(/100% billed · 0% looked up · 0% estimated.*not in the sum: 3 reserved, 2 unknown/s);
});

test('figures per user say by how many users they were divided, and conversion of how many', async () => {
  const html = await render(REPORT);
  expect(html).toMatch(/Cost per active user<.*\$0\.0038.*1,300 active users/s);
  expect(html).toMatch(/ARPPU\)<.*\$2\.8068.*22 paying users in this range/s);
  expect(html).toMatch(/Conversion<.*9\.8%.*4 of 41 new users paid in this range/s);
});

test('what is not defined is a dash with a reason, never a zero', async () => {
  const users = { ...FIGURES.users, activeCount: 0, costPerActiveUsd: null, newCount: 0, convertedCount: 0, conversionRatio: null };
  const html = await render({ ...REPORT, users, total: { ...FIGURES.total, marginRatio: null } });
  expect(html).toMatch(/Margin ratio<.*?—.*?no revenue in this range/s);
  expect(html).toMatch(/Cost per active user<.*?—.*?0 active users in this range/s);
  expect(html).toMatch(/Conversion<.*?—.*?no new user in this range/s);
});

test('a loss is shown with its sign, and its exact amount is kept', async () => {
  expect(await render(REPORT)).toContain('data-exact="-1.000000000000" title="-$1.000000000000">-$1.0000<');
});

test('operations and users lead to their attempts of the same range; a deleted user has no plan', async () => {
  const html = await render(REPORT);
  expect(html).toContain('href="/monitoring/generations?range=7d&operation=horoscope"');
  expect(html).toMatch(/href="\/monitoring\/generations\?range=7d&user=77">user 77<.*premium.*user 5<.*deleted/s);
});

test('sources beyond the list and what no user caused are named, and every list ends in the total', async () => {
  const html = await render(REPORT);
  expect(html).toMatch(/>spring<.*>all others<.*>caused by no user<.*>In all</s);
  expect(html.match(/>In all</g)).toHaveLength(3);
});

test('how many users are told is in the address, and the number shown is marked', async () => {
  const html = await render(REPORT, 'en', '?range=24h&top=10');
  expect(html).toMatch(/aria-current="page"[^>]*href="\/monitoring\/economics\?range=24h">10<|href="\/monitoring\/economics\?range=24h"[^>]*aria-current="page"[^>]*>10</);
  expect(html).toContain('href="/monitoring/economics?range=24h&top=50"');
});

test('against an earlier range more revenue is good and more cost is bad', async () => {
  const compared = { ...FIGURES, total: { ...FIGURES.total, revenueUsd: '30.875000000000', costUsd: '2.470000000000', marginRatio: null } };
  const html = await render({ ...REPORT, comparedRange: { ...range, preset: null }, compared });
  expect(html).toMatch(/Revenue<.*?change-good.*?100% more.*?before: \$30\.8750/s);
  expect(html).toMatch(/AI cost<.*?change-bad.*?100% more/s);
  expect(html).toContain('before: not known');
});

test('the table beside the chart has every bucket, and what cuts it', async () => {
  const html = await render(REPORT);
  expect(html).toMatch(/23 Nov 2026, 00:00.*24 Nov 2026, 00:00<\/time> \(still running\)/s);
});

test('in Russian, plural forms are right', async () => {
  const html = await render(REPORT, 'ru');
  expect(html).toContain('21 платёж на');
  expect(html).toContain('22 платящих пользователя за период');
  expect(html).toContain('4 из 41 нового пользователя');
});

test('a number of users that is none, or given twice, is refused', () => {
  const parse = (query: string) => parseEconomicsQuery(new URLSearchParams(query), { range: '7d' });
  expect(parse('top=20')).toEqual({ range: '7d', top: 20 });
  expect(parse('model=x')).toEqual({ range: '7d' });
  for (const query of ['top=', 'top=0', 'top=51', 'top=1e1', 'top=ten', 'top=10&top=20']) expect(parse(query)).toBeNull();
});
