import { expect, test } from 'vitest';
import type { LlmOutcome } from '#server/ai/types.ts';
import { assessOutcome } from '#server/services/generations/assess-outcome.ts';

const trace = { durationMs: 900, generationId: 'gen-1', responseModel: null, provider: null, finishReason: 'stop', usage: null, bill: null };
const answered = (bill: LlmOutcome['bill']): LlmOutcome => ({ kind: 'answered', text: 'The Star', ...trace, bill });
const failed = (wasBilled: 'no' | 'yes' | 'unknown', bill: LlmOutcome['bill'] = null): LlmOutcome => ({
  kind: 'failed', errorType: 'provider_error', detail: '', httpStatus: 502, wasBilled, ...trace, bill,
});

test('what the bill says wins over an estimate', () => {
  expect(assessOutcome(answered({ costUsd: '0.002', isByok: false }), '0.001')).toEqual({ status: 'settled', costUsd: '0.002', costSource: 'billed', errorType: null, disposition: 'undelivered' });
});

test('a bill of zero is a bill', () => {
  expect(assessOutcome(answered({ costUsd: '0', isByok: true }), '0.001')).toMatchObject({ status: 'settled', costUsd: '0', costSource: 'billed' });
});

test('without a bill the estimate counts and is marked as one', () => {
  expect(assessOutcome(answered({ costUsd: null, isByok: false }), '0.001')).toMatchObject({ status: 'settled', costUsd: '0.001', costSource: 'estimated' });
});

test('an answer with neither bill nor estimate is unknown, never settled at 0', () => {
  expect(assessOutcome(answered(null), null)).toEqual({ status: 'unknown', costUsd: null, costSource: 'none', errorType: null, disposition: 'undelivered' });
});

test('a failure that was certainly not billed is void', () => {
  expect(assessOutcome(failed('no'), '0.001')).toEqual({ status: 'void', costUsd: null, costSource: 'none', errorType: 'provider_error', disposition: null });
});

test('a failure that was billed is settled with its cost and keeps its error', () => {
  expect(assessOutcome(failed('yes', { costUsd: '0.004', isByok: false }), null)).toEqual({ status: 'settled', costUsd: '0.004', costSource: 'billed', errorType: 'provider_error', disposition: 'undelivered' });
});

test('a failure that may have been billed is unknown, not guessed', () => {
  expect(assessOutcome(failed('unknown'), '0.001')).toEqual({ status: 'unknown', costUsd: null, costSource: 'none', errorType: 'provider_error', disposition: 'undelivered' });
});
