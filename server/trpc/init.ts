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
    data: { ...shape.data, issues: isInputFault(error) ? z.flattenError(error.cause) : null },
  }),
});

/** An output that breaks its contract has a cause of the same kind, and is our fault. */
function isInputFault(error: TRPCError): error is TRPCError & { readonly cause: ZodError } {
  return error.code === 'BAD_REQUEST' && error.cause instanceof ZodError;
}

function publicMessage(error: TRPCError): string {
  if (isInputFault(error)) return error.cause.issues.map((issue) => [issue.path.join('.'), issue.message].join(' ').trim()).join('; ');
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

const requireOperator = t.middleware(async ({ ctx, next }) => {
  if (!ctx.session) throw new TRPCError({ code: 'UNAUTHORIZED', message: 'Please log in.' });
  if (ctx.session.role === 'viewer') throw new TRPCError({ code: 'FORBIDDEN', message: 'Your account may look, not change.' });
  return next({ ctx: { ...ctx, session: ctx.session } });
});

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;
/** Every procedure needs a session; there is no public one. */
export const adminProcedure = t.procedure.use(mapErrors).use(requireSession);
/** For what changes something: viewers are refused. */
export const operatorProcedure = adminProcedure.use(requireOperator);
