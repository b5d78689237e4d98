import { TRPCError } from '@trpc/server';
import { ZodError } from 'zod';
import { AppError, type ErrorCode } from '#server/errors.ts';
import { classifyDatabaseFailure } from '#server/services/inbox/database-failure.ts';

const TRPC_CODE_BY_CODE: Record<ErrorCode, TRPCError['code']> = {
  bad_input: 'BAD_REQUEST',
  unauthenticated: 'UNAUTHORIZED',
  forbidden: 'FORBIDDEN',
  not_found: 'NOT_FOUND',
  conflict: 'CONFLICT',
  too_many_requests: 'TOO_MANY_REQUESTS',
  unavailable: 'SERVICE_UNAVAILABLE',
  internal: 'INTERNAL_SERVER_ERROR',
};

/**
 * Gives an expected error its tRPC code, an outage of the database included; what is not ours stays as it is and shows no text.
 * Input that only a service could refuse is told as the issues of a contract are.
 */
export function toTrpcError(error: TRPCError): TRPCError {
  const isOutage = classifyDatabaseFailure(error.cause) === 'transient';
  const cause = isOutage ? new AppError('unavailable', 'The database does not answer at the moment. Try again soon.', error.cause) : error.cause;
  if (!(cause instanceof AppError)) return error;
  const isInputFault = cause.code === 'bad_input' && cause.cause instanceof ZodError;
  return new TRPCError({ code: TRPC_CODE_BY_CODE[cause.code], message: cause.message, cause: isInputFault ? cause.cause : cause });
}
