import { TRPCError } from '@trpc/server';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { callApi, expectAppError, expectRefusal } from '#app/lib/guard.server.ts';
import { rangeIssue } from '#server/contracts/time-range.ts';
import { AppError } from '#server/errors.ts';

const request = new Request('http://localhost/monitoring?range=7d');

async function thrownBy(code: TRPCError['code']): Promise<unknown> {
  return callApi(request, () => Promise.reject(new TRPCError({ code, message: 'select * from secrets' }))).catch((error: unknown) => error);
}

test('an answer passes through', async () => {
  expect(await callApi(request, () => Promise.resolve(1))).toBe(1);
});

test('without a session the visitor is sent to the log-in page, which leads back', async () => {
  const thrown = await thrownBy('UNAUTHORIZED');
  expect(thrown).toBeInstanceOf(Response);
  expect(thrown instanceof Response && thrown.headers.get('Location')).toBe('/login?next=%2Fmonitoring%3Frange%3D7d');
});

test.each([
  ['BAD_REQUEST', 400],
  ['FORBIDDEN', 403],
  ['NOT_FOUND', 404],
  ['TOO_MANY_REQUESTS', 429],
  ['SERVICE_UNAVAILABLE', 503],
] as const)('%s becomes a page with status %i that shows no text of the error', async (code, status) => {
  const thrown = await thrownBy(code);
  expect(thrown).toMatchObject({ init: { status } });
  expect(JSON.stringify(thrown)).not.toContain('secrets');
});

test('a range that the API refuses becomes the page that tells why', async () => {
  const cause = new z.ZodRealError([{ ...rangeIssue('to', 'too_long', 'must be at most 400 days after from'), input: undefined }]);
  const thrown = await callApi(request, () => Promise.reject(new TRPCError({ code: 'BAD_REQUEST', cause }))).catch((error: unknown) => error);
  expect(thrown).toMatchObject({ init: { status: 400 }, data: { kind: 'bad_range', issues: [{ parameter: 'to', reason: 'too_long' }] } });
});

test('a bug stays a bug', async () => {
  expect(await thrownBy('INTERNAL_SERVER_ERROR')).toBeInstanceOf(TRPCError);
  await expect(callApi(request, () => Promise.reject(new Error('bug')))).rejects.toThrow('bug');
});

test('only expected errors are turned into words', () => {
  const refused = new AppError('unauthenticated', 'Wrong e-mail or password.');
  expect(expectAppError(refused)).toBe(refused);
  expect(() => expectAppError(new AppError('internal', 'Sorry.'))).toThrow('Sorry.');
  expect(() => expectAppError(new Error('bug'))).toThrow('bug');
});

test.each([
  ['TOO_MANY_REQUESTS', 'throttled'],
  ['SERVICE_UNAVAILABLE', 'unavailable'],
  ['CONFLICT', 'unavailable'],
] as const)('a page may tell of %s in its own words, as %s', (code, refusal) => {
  expect(expectRefusal(new TRPCError({ code }))).toBe(refusal);
});

test('what is no refusal of that kind is not swallowed', () => {
  for (const error of [new TRPCError({ code: 'UNAUTHORIZED' }), new Error('bug')]) expect(() => expectRefusal(error)).toThrow(error);
});
