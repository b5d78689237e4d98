import type { ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { I18nextProvider } from 'react-i18next';
import { createStaticHandler, createStaticRouter, StaticRouterProvider } from 'react-router-dom/server.js';
import { expect, test } from 'vitest';
import { BudgetBar } from '#app/charts/budget-bar.tsx';
import { BudgetBanners } from '#app/features/budgets/budget-banners.tsx';
import { BudgetsPage } from '#app/features/budgets/budgets-page.tsx';
import { createI18n } from '#app/i18n/create-i18n.ts';
import type { BudgetBanner, BudgetEventRow, BudgetRow } from '#server/contracts/budgets.ts';
import type { Language } from '#server/contracts/vocabulary.ts';

const AT = '2026-11-24T23:05:09.000Z';
const FACTS = { budgetId: 3, name: 'Tarot', period: 'month', scope: 'all', scopeValue: null, limitUsd: '5.000000000000' } as const;
const STEP = { percent: 80, action: 'stop', thresholdUsd: '4.000000000000', state: 'in_force', event: { eventId: 9, firedAt: AT, liftedAt: null } } as const;
const ACCOUNT = { userId: null, committedUsd: '4.100000000000', spentUsd: '4.000000000000', reservedUsd: '0.100000000000', ratio: 0.82, steps: [STEP] };
const BUDGET: BudgetRow = { ...FACTS, periodDate: '2026-11-01', nextPeriodDate: '2026-12-01', accounts: [ACCOUNT], userCount: 0 };
const EVENT: BudgetEventRow = {
  ...FACTS, eventId: 9, periodDate: '2026-11-01', userId: null, percent: 80, action: 'stop', committedUsd: '4.100000000000', firedAt: AT, liftedAt: null, liftedBy: null,
  affectedCount: 3, savedUsd: '0.012000000000', isLiftable: true,
};
const BANNER: BudgetBanner = { ...FACTS, nextPeriodDate: '2026-12-01', committedUsd: '4.100000000000', ratio: 0.82, steps: [{ percent: 80, action: 'stop', userCount: 0 }] };

async function render(node: ReactNode, language: Language = 'en'): Promise<string> {
  const routes = [{ path: '*', element: node }];
  const handler = createStaticHandler(routes);
  const context = await handler.query(new Request('http://localhost/monitoring/budgets'));
  if (context instanceof Response) throw new Error('nothing here redirects');
  return renderToStaticMarkup(
    <I18nextProvider i18n={createI18n(language)}>
      <StaticRouterProvider router={createStaticRouter(handler.dataRoutes, context)} context={context} hydrate={false} />
    </I18nextProvider>,
  );
}

/** What a visitor reads, without the marks. */
const readText = (markup: string) => markup.replace(/<[^>]+>/g, ' ').replaceAll('\u00a0', ' ').replace(/\s+/g, ' ');
const page = (budgets: readonly BudgetRow[], canChange: boolean) =>
  render(<BudgetsPage list={{ timeZone: 'UTC', generatedAt: AT, budgets: [...budgets] }} events={{ timeZone: 'UTC', rows: [EVENT], nextBefore: null }} canChange={canChange} isLiftRefused={false} />);

test('whoever may change budgets sees buttons and links for it, a viewer sees none', async () => {
  const [own, viewed] = [await page([BUDGET], true), await page([BUDGET], false)];
  expect(own.match(/<button/g)).toHaveLength(2);
  expect(own).toContain('href="/monitoring/budgets/new"');
  expect(viewed).not.toMatch(/<button|<form|budgets\/new|>Edit</);
  expect(readText(viewed)).toContain('in force');
});

test('a card says what was spent, what is reserved, how much of the limit that is, and for which days', async () => {
  const text = readText(await page([BUDGET], false));
  expect(text).toContain('All calls, a month · 1 Nov – 30 Nov');
  expect(text).toContain('82%');
  expect(text).toContain('$4.1000 of $5.0000 used $4.0000 spent · $0.1000 reserved by open calls');
});

test('without a budget the page says what that means', async () => {
  expect(readText(await page([], false))).toContain('nothing limits what model calls cost');
});

test('a budget for each user shows them as rows, with the way to their calls', async () => {
  const user = (userId: number) => ({ ...ACCOUNT, userId });
  const markup = await page([{ ...BUDGET, scope: 'user', period: 'day', periodDate: '2026-11-24', nextPeriodDate: '2026-11-25', accounts: [user(5), user(6)], userCount: 40 }], true);
  expect(readText(markup)).toContain('Each user, a day · 24 Nov');
  expect(readText(markup)).toContain('40 users');
  expect(markup).toContain('/monitoring/generations?range=30d&amp;user=5');
  expect(markup).toContain('Lift the step 80 % Stop of Tarot for user 6');
});

test('a banner says what is wrong, until when, and what to do', async () => {
  const text = readText(await render(<BudgetBanners banners={[BANNER]} />));
  expect(text).toContain('Budget “Tarot”: $4.1000 of $5.0000 used (82%); no new readings until 1 Dec. Raise the limit, or lift the step for the rest of the period. See the budget');
});

test('a banner in Russian ends no sentence twice', async () => {
  const text = readText(await render(<BudgetBanners banners={[BANNER, { ...BANNER, budgetId: 4, steps: [{ percent: 80, action: 'shorter_answer', userCount: 3 }] }]} />, 'ru'));
  expect(text).toContain('до 1 дек. новых текстов нет.');
  expect(text).toContain('у 3 пользователей израсходовано до 82 %');
  expect(text).not.toContain('..');
});

test('where all is well there is no banner', async () => {
  expect(await render(<BudgetBanners banners={[]} />)).toBe('');
});

test('a bar never leaves its box, and names its marks only where there is room', async () => {
  const markup = await render(<BudgetBar spentRatio={7} reservedRatio={0.5} marks={[50, 90, 95, 100]} hasNames />);
  expect(markup).not.toMatch(/width="(?!100%|100\.00%|2")/);
  expect([...markup.matchAll(/>(\d+) %</g)].map(([, mark]) => mark)).toEqual(['50', '100']);
  expect(await render(<BudgetBar spentRatio={-0.1} reservedRatio={0} marks={[]} />)).toContain('width="0.00%"');
});
