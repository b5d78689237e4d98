import { initTRPC, TRPCError } from '@trpc/server';
import { z, ZodError } from 'zod';
import { AppError } from '#server/errors.ts';
import type { TrpcContext } from './context.ts';
import { toTrpcError } from './to-trpc-error.ts';

const t = initTRPC.context<TrpcContext>().create({
  isDev: false,
  /** What a client may know of an error: for bad input the words of the contract, for our own errors their public words, else nothing. */
  errorFormatter: ({ shape, error }) => ({
    ...shape,
    message: publicMessage(error),
    data: { ...shape.data, issues: error.cause instanceof ZodError ? z.flattenError(error.cause) : null },
  }),
});

function publicMessage(error: TRPCError): string {
  if (error.cause instanceof ZodError) return error.cause.issues.map((issue) => [issue.path.join('.'), issue.message].join(' ').trim()).join('; ');
  if (error.cause instanceof AppError) return error.cause.message;
  return error.code === 'INTERNAL_SERVER_ERROR' ? 'Something went wrong on our side.' : error.message;
}

const mapErrors = t.middleware(async ({ next }) => {
  const result = await next();
  if (!result.ok) throw toTrpcError(result.error);
  return result;
});

const requireSession = t.middleware(async ({ ctx, next }) => {
  if (!ctx.session) throw new TRPCError({ code: 'UNAUTHORIZED', message: 'Please log in.' });
  return next({ ctx: { ...ctx, session: ctx.session } });
});

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;
/** Every procedure needs a session; there is no public one. */
export const adminProcedure = t.procedure.use(mapErrors).use(requireSession);
