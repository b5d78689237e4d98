import { renderToStaticMarkup } from 'react-dom/server';
import { I18nextProvider } from 'react-i18next';
import { expect, test } from 'vitest';
import { measuredPath, isMeasured } from '#app/features/costs/drift-answer.ts';
import { DriftAmount } from '#app/features/costs/drift-amount.tsx';
import { DriftSection } from '#app/features/costs/drift-section.tsx';
import { createI18n } from '#app/i18n/create-i18n.ts';
import type { Drift, DriftCheck } from '#server/contracts/drift.ts';
import type { Language } from '#server/contracts/vocabulary.ts';
import type { PriceList } from '#server/contracts/prices.ts';
import type { Waste } from '#server/contracts/waste.ts';
import type { ReactNode } from 'react';

const ZERO = '0.000000000000';
const AT = '2026-11-24T23:05:09.000Z';
const RANGE = { preset: '7d', from: AT, to: AT, bucket: 'day', timeZone: 'UTC' } as const;
const NOTHING = { costUsd: ZERO, deliveredUsd: ZERO, wastedUsd: ZERO, attemptCount: 0, settledCount: 0, deliveredCount: 0, openCount: 0 };
const WASTE: Waste = {
  range: RANGE, comparedRange: null, generatedAt: AT, coverage: { dataFrom: null }, compared: null, total: NOTHING, byCause: [], byOperation: [], byModel: [], readings: { storeCount: 0, storeUsd: ZERO, modelCount: 0, unrecordedCount: 0 },
};
const PRICES: PriceList = { range: RANGE, generatedAt: AT, models: [] };
const CHECK: DriftCheck = {
  checkedAt: AT,
  comparisons: [
    { period: 'day', startsAt: AT, ledgerUsd: '0.250000000000', providerUsd: '0.500000000000', differenceUsd: '0.250000000000', reservedCount: 1, unknownCount: 2, estimatedCount: 3 },
    { period: 'week', startsAt: AT, ledgerUsd: '0.500000000000', providerUsd: '0.250000000000', differenceUsd: '-0.250000000000', reservedCount: 1, unknownCount: 2, estimatedCount: 3 },
  ],
};
const DRIFT: Drift = { timeZone: 'UTC', generatedAt: AT, isConfigured: true, latest: null, history: [], unmatched: { rows: [], totalCount: 0 }, activity: null };

function render(node: ReactNode, language: Language): string {
  return renderToStaticMarkup(<I18nextProvider i18n={createI18n(language)}>{node}</I18nextProvider>);
}

/** The section as a visitor without the right to measure reads it. */
function section(changes: Partial<Drift>, language: Language = 'en'): string {
  const costs = { waste: WASTE, prices: PRICES, history: null, drift: { ...DRIFT, ...changes }, canMeasure: false };
  const markup = render(<DriftSection costs={costs} />, language);
  return markup.replace(/<[^>]+>/g, ' ').replaceAll('\u00a0', ' ').replace(/\s+/g, ' ');
}

test.each([
  ['0.250000000000', '+$0.2500'],
  ['-0.250000000000', '−$0.2500'],
  ['-0.000000000001', '−$0.000000000001'],
  [ZERO, '$0.00'],
])('a difference of %s is shown with its sign, as %s, and kept exactly', (usd, shown) => {
  const markup = render(<DriftAmount usd={usd} />, 'en');
  expect(markup).toContain(`>${shown}<`);
  expect(markup).toContain(`data-exact="${usd}"`);
});

test('both figures, their difference and what may explain it stand side by side, with the usual cause in words', () => {
  const text = section({ latest: CHECK, history: [CHECK] });
  expect(text).toContain('Today +$0.2500 $0.2500 $0.5000 24 Nov 1 2 3');
  expect(text).toContain('This week −$0.2500');
  expect(text).toMatch(/usual cause is calls made with the same key elsewhere/);
  expect(text).toMatch(/On the first days of an installation/);
});

test('before the first measurement, and without OpenRouter, the section says so and shows no figure', () => {
  expect(section({})).toContain('Not measured yet.');
  expect(section({ isConfigured: false })).toContain('OpenRouter is not configured, so there is nothing to compare with.');
  expect(section({}) + section({ isConfigured: false })).not.toMatch(/\$\d/);
});

test('figures from a time when OpenRouter was configured stay in sight', () => {
  expect(section({ isConfigured: false, latest: CHECK })).toMatch(/not configured.*Today \+\$0\.2500/);
});

test('who may only look sees no button', () => expect(section({ latest: CHECK })).not.toContain('Measure now'));

test('activity tells how much of it is shown, in Russian too', () => {
  const row = { date: '2026-11-24', model: 'a/b', ledgerUsd: ZERO, providerUsd: ZERO, differenceUsd: ZERO, ledgerCount: 2, providerCount: 3 };
  const text = section({ activity: { checkedAt: AT, rows: [row], totalCount: 300 } }, 'ru');
  expect(text).toContain('24 нояб. a/b 0,00 $ 0,00 $ 0,00 $ 2 3');
  expect(text).toContain('Показаны последние 1 из 300.');
});

test('a measurement leads back to the range from which it was asked, which then says that it was done', () => {
  const path = measuredPath('http://localhost/monitoring/costs?range=30d&drift=measured');
  expect(path).toBe('/monitoring/costs?range=30d&drift=measured#drift');
  expect([isMeasured('?range=30d&drift=measured'), isMeasured('?drift=other'), isMeasured('')]).toEqual([true, false, false]);
});
