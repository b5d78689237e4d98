import { TRPCError } from '@trpc/server';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { DatabaseUnavailable } from '#db/pool/database-unavailable.ts';
import { AppError } from '#server/errors.ts';
import { appRouter, createCaller } from '#server/trpc/router.ts';
import { toTrpcError } from '#server/trpc/to-trpc-error.ts';
import type { TrpcContext } from '#server/trpc/context.ts';

/** No procedure may get as far as reading any of it. */
const anonymous: TrpcContext = new Proxy({} as TrpcContext, {
  get: (_target, key) => {
    if (key === 'session') return null;
    throw new Error(`an anonymous caller reached ${String(key)}`);
  },
});

const procedurePaths = Object.keys(appRouter._def.procedures);

/** The procedure behind a path of a caller, called without input. */
function call(caller: unknown, path: string): unknown {
  const found = path.split('.').reduce<unknown>((part, key) => Reflect.get(Object(part), key), caller);
  if (typeof found !== 'function') throw new Error(`there is no procedure ${path}`);
  return found();
}

test('there are procedures to be guarded', () => expect(procedurePaths).toContain('overview.get'));

test.each(procedurePaths)('%s refuses an anonymous caller before it looks at the input', async (path) => {
  await expect(call(createCaller(anonymous), path)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
});

test('a database that does not answer is an outage, not a fault, and shows no text of its own', () => {
  const cause = new Error('Failed query: select secret', { cause: new DatabaseUnavailable('CONNECTION_SILENT') });
  const mapped = toTrpcError(new TRPCError({ code: 'INTERNAL_SERVER_ERROR', cause }));
  expect(mapped).toMatchObject({ code: 'SERVICE_UNAVAILABLE', message: 'The database does not answer at the moment. Try again soon.' });
});

test('an expected error keeps its code and its public words', () => {
  const cause = new AppError('not_found', 'There is no such thing.', new Error('select secret from t'));
  const mapped = toTrpcError(new TRPCError({ code: 'INTERNAL_SERVER_ERROR', cause }));
  expect(mapped).toMatchObject({ code: 'NOT_FOUND', message: 'There is no such thing.' });
});

test('input that only a service could refuse is told as the issues of a contract are', () => {
  const issues = new z.ZodRealError([{ code: 'custom', path: ['bucket'], message: 'must be day', input: undefined }]);
  const mapped = toTrpcError(new TRPCError({ code: 'INTERNAL_SERVER_ERROR', cause: new AppError('bad_input', 'bucket must be day', issues) }));
  expect(mapped).toMatchObject({ code: 'BAD_REQUEST', message: 'bucket must be day' });
  expect(mapped.cause).toBe(issues);
});
