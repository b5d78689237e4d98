import type { ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { I18nextProvider } from 'react-i18next';
import { expect, test } from 'vitest';
import { Facts } from '#app/components/facts.tsx';
import { SpendAmount } from '#app/features/costs/spend-amount.tsx';
import { WasteStats } from '#app/features/costs/waste-stats.tsx';
import { AttemptCard } from '#app/features/generations/attempt-card.tsx';
import { createI18n } from '#app/i18n/create-i18n.ts';
import { useVocabulary } from '#app/lib/use-vocabulary.ts';
import type { GenerationAttempt } from '#server/contracts/generations.ts';
import type { Language } from '#server/contracts/vocabulary.ts';
import type { Waste } from '#server/contracts/waste.ts';

const ZERO = '0.000000000000';
const SPEND = { costUsd: ZERO, deliveredUsd: ZERO, wastedUsd: ZERO, attemptCount: 2, settledCount: 0, deliveredCount: 0, openCount: 0 };
const AT = '2026-11-24T23:05:09.000Z';

const ATTEMPT: GenerationAttempt = {
  requestId: '01a212cd-679c-7477-9168-fc7a7899e860', startedAt: AT, userId: 7, operation: 'tarot_card', model: 'a/asked', responseModel: null, status: 'unknown',
  disposition: null, errorType: 'interrupted', promptTokens: null, completionTokens: null, costUsd: null, costSource: 'none', durationMs: null, attempt: 1,
  provider: null, generationId: null, finishReason: null, finishedAt: null, timeToFirstTokenMs: null, cachedPromptTokens: null, reasoningTokens: null,
  reservedUsd: null, isByok: null, plan: 'free', updateId: null, leaseUntil: null, nextLookupAt: null, lookupCount: 0, importedFrom: null, corrections: [],
};

function render(node: ReactNode, language: Language = 'en'): string {
  return renderToStaticMarkup(<I18nextProvider i18n={createI18n(language)}>{node}</I18nextProvider>);
}

/** What a visitor reads, without the marks. */
const readText = (markup: string) => markup.replace(/<[^>]+>/g, ' ').replaceAll('\u00a0', ' ').replace(/\s+/g, ' ');
const attempt = (changes: Partial<GenerationAttempt>, language?: Language) =>
  readText(render(<AttemptCard attempt={{ ...ATTEMPT, ...changes }} timeZone="UTC" isChosen={false} />, language));
const stats = (total: Partial<Waste['total']>, readings: Partial<Waste['readings']>) => {
  const range = { preset: '7d', from: AT, to: AT, bucket: 'day', timeZone: 'UTC' } as const;
  const nothing = { storeCount: 0, storeUsd: ZERO, modelCount: 0, unrecordedCount: 0 };
  const head = { range, comparedRange: null, generatedAt: AT, coverage: { dataFrom: AT }, compared: null };
  const waste: Waste = { ...head, total: { ...SPEND, ...total }, byCause: [], byOperation: [], byModel: [], readings: { ...nothing, ...readings } };
  return readText(render(<WasteStats waste={waste} />));
};

test('a part whose attempts all have an unknown cost shows a dash, one that cost nothing shows zero', () => {
  expect(render(<SpendAmount spend={{ ...SPEND, openCount: 1 }} usd={ZERO} />)).toMatch(/—.*not known/);
  expect(render(<SpendAmount spend={SPEND} usd={ZERO} />)).toContain(`data-exact="${ZERO}"`);
  expect(render(<SpendAmount spend={{ ...SPEND, settledCount: 1, openCount: 1 }} usd={ZERO} />)).toContain(`data-exact="${ZERO}"`);
});

test('a fact that is not known is a dash that is told in words', () => {
  expect(render(<Facts facts={[{ term: 'Provider', value: null }]} />)).toContain('<span class="visually-hidden">not known</span>');
});

test('an attempt of which nothing is known shows no number at all', () => {
  const text = attempt({});
  expect(text).toContain('Prompt tokens — not known');
  expect(text).toContain('Cost — not known no cost');
  expect(text).not.toMatch(/\$|\b0 tokens|from the cache/);
});

test('cached and reasoning tokens stand as parts of theirs and are not in the total twice', () => {
  const text = attempt({ promptTokens: 1_200, completionTokens: 640, cachedPromptTokens: 1_000, reasoningTokens: 320 });
  expect(text).toContain('Prompt tokens 1,200 of which from the cache: 1,000');
  expect(text).toContain('Completion tokens 640 of which reasoning: 320');
  expect(text).toContain('Tokens in all 1,840');
});

test('a correction tells both amounts, both sources and the time, in both languages', () => {
  const changes: Partial<GenerationAttempt> = {
    status: 'settled', costUsd: '0.011900000000', costSource: 'lookup',
    corrections: [{ oldUsd: '0.012300000000', newUsd: '0.011900000000', oldSource: 'estimated', newSource: 'lookup', at: AT }],
  };
  expect(attempt(changes)).toContain('24 Nov, 23:05:09 $0.0123 $0.0119 from estimated to looked up');
  expect(attempt(changes, 'ru')).toContain('0,0123 $ 0,0119 $ по оценке, затем по запросу');
});

test('how often the cost was asked for again, and whether it will be, is told', () => {
  expect(attempt({ lookupCount: 2, nextLookupAt: AT })).toContain('2 times, next at 24 Nov, 23:05:09');
  expect(attempt({ lookupCount: 2 })).toContain('2 times, no further');
  expect(attempt({})).toContain('Cost asked for again never');
});

test('readings from our own store are said to cost nothing', () => {
  expect(stats({}, { storeCount: 30, modelCount: 10 })).toContain('Readings from our own store 30 cost nothing: $0.00. 75% of 40 readings');
});

test('readings whose source was not recorded are no zero', () => {
  expect(stats({}, { unrecordedCount: 8 })).toMatch(/own store — not defined where 8 readings came from was not recorded/);
  expect(stats({}, {})).toContain('no readings in this range');
});

test('the shares of delivered and wasted money stand beside their sums, with what is not in them', () => {
  const text = stats({ costUsd: '4.000000000000', deliveredUsd: '3.000000000000', wastedUsd: '1.000000000000', attemptCount: 9, settledCount: 6, deliveredCount: 4, openCount: 3 }, {});
  expect(text).toContain('Spent $4.0000 9 attempts in this range not in the sum: 3 without a known cost');
  expect(text).toContain('Delivered $3.0000 75% of the money, 4 attempts');
  expect(text).toContain('Wasted $1.0000 25% of the money, 2 paid attempts');
});

test('a word of no closed set is told as it stands in the ledger', () => {
  const Words = () => {
    const words = useVocabulary();
    return [words.operation('tarot_card'), words.operation('retired_operation'), words.errorType('too_short'), words.errorType('new_error')].join(', ');
  };
  expect(render(<Words />)).toBe('Tarot: one card, retired_operation, too short, new_error');
});
