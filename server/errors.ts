/** The closed set of reasons that a caller may branch on. */
export type ErrorCode =
  | 'bad_input'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'too_many_requests'
  | 'unavailable'
  | 'internal';

const STATUS_BY_CODE: Record<ErrorCode, number> = {
  bad_input: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_many_requests: 429,
  unavailable: 503,
  internal: 500,
};

/**
 * An error whose message may be shown to a visitor. What must not be shown (SQL, hosts, keys) goes into `cause`,
 * which is logged only.
 */
export class AppError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, publicMessage: string, cause?: unknown) {
    super(publicMessage, cause === undefined ? undefined : { cause });
    this.name = 'AppError';
    this.code = code;
  }

  /** The HTTP status that stands for this code. */
  get httpStatus(): number {
    return STATUS_BY_CODE[this.code];
  }
}

/** Throws `AppError` `internal` when a condition that cannot be false is false. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AppError('internal', 'Something went wrong on our side.', new Error(`invariant: ${message}`));
}

/** Ends a switch over a closed set; the compiler refuses a case that is left out. */
export function assertNever(value: never): never {
  throw new AppError('internal', 'Something went wrong on our side.', new Error(`unexpected value: ${String(value)}`));
}

/** The text of any thrown value, for logs. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${describeError(error.cause)}`;
}
