import { expect, test } from 'vitest';
import { ErrorsInput, FAILURE_TYPES } from '#server/contracts/errors.ts';
import { JobsInput, WORK_NAMES } from '#server/contracts/jobs.ts';
import { BOT_HANDLERS } from '#server/contracts/vocabulary.ts';

test('the errors take a range with a handler, an error type, both or none, each of its closed set', () => {
  expect(ErrorsInput.parse({})).toEqual({});
  for (const handler of BOT_HANDLERS) expect(ErrorsInput.parse({ range: '7d', handler })).toEqual({ range: '7d', handler });
  for (const errorType of FAILURE_TYPES) expect(ErrorsInput.parse({ errorType, handler: 'tarot' })).toEqual({ errorType, handler: 'tarot' });
});

test('the jobs take a range with the name of a schedule or a job, or none', () => {
  for (const name of WORK_NAMES) expect(JobsInput.parse({ range: '24h', name })).toEqual({ range: '24h', name });
});

test.each([
  [ErrorsInput, { handler: '' }, 'handler', 'must be one of start'],
  [ErrorsInput, { errorType: 'timeout' }, 'errorType', 'must be one of ai_failed'],
  [ErrorsInput, { from: '2026-11-02T00:00:00Z' }, 'to', 'is missing'],
  [JobsInput, { name: 'other' }, 'name', 'must be one of reconcile_generations'],
  [JobsInput, { compare: 'best' }, 'compare', 'must be previous or year'],
])('what is none is refused with what is allowed', (Input, input, path, words) => {
  const [issue] = Input.safeParse(input).error?.issues ?? [];
  expect([issue?.path, issue?.message]).toEqual([[path], expect.stringContaining(words)]);
});
