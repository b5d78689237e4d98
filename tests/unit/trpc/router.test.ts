import { TRPCError } from '@trpc/server';
import { expect, test } from 'vitest';
import { AppError } from '#server/errors.ts';
import { appRouter } from '#server/trpc/router.ts';
import { toTrpcError } from '#server/trpc/to-trpc-error.ts';
import { adminProcedure, createCallerFactory, router } from '#server/trpc/init.ts';
import type { TrpcContext } from '#server/trpc/context.ts';

/** No procedure may get as far as reading any of it. */
const anonymous: TrpcContext = new Proxy({} as TrpcContext, {
  get: (_target, key) => {
    if (key === 'session') return null;
    throw new Error(`an anonymous caller reached ${String(key)}`);
  },
});

const procedurePaths = Object.keys(appRouter._def.procedures);

test('there are procedures to be guarded', () => expect(procedurePaths).toContain('overview.get'));

test.each(procedurePaths)('%s refuses an anonymous caller', async (path) => {
  const caller = createCallerFactory(router({ walk: adminProcedure.query(() => 'reached') }))(anonymous);
  await expect(caller.walk()).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  const procedure = Object.entries(appRouter._def.procedures).find(([name]) => name === path)?.[1];
  expect(procedure?._def.type).toMatch(/query|mutation/);
});

test('an expected error keeps its code and its public words', () => {
  const cause = new AppError('not_found', 'There is no such thing.', new Error('select secret from t'));
  const mapped = toTrpcError(new TRPCError({ code: 'INTERNAL_SERVER_ERROR', cause }));
  expect(mapped).toMatchObject({ code: 'NOT_FOUND', message: 'There is no such thing.' });
});
