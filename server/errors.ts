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

/** Where an error was thrown, for logs: its frames without its words, which `describeError` tells. Undefined for what is no error. */
export function framesOf(error: unknown): string | undefined {
  return error instanceof Error ? error.stack?.replace(error.message, () => '').match(/^ +at .*$/gm)?.join('\n') : undefined;
}

/** A cause may lead back to where it came from. */
const CAUSE_DEPTH_MAX = 10;

/** The text of any thrown value with what caused it, for logs. Never throws. */
export function describeError(error: unknown): string {
  return describeCaused(error, 0);
}

function describeCaused(error: unknown, depth: number): string {
  if (!(error instanceof Error)) return describeValue(error);
  // A failed connection to a name with several addresses has its reasons in a list, and no words of its own.
  const reasons: unknown[] = error instanceof AggregateError && error.message === '' && depth < CAUSE_DEPTH_MAX ? error.errors : [];
  const own = reasons.length > 0 ? reasons.map((reason) => describeCaused(reason, depth + 1)).join('; ') : wordsOf(error);
  return error.cause === undefined || depth >= CAUSE_DEPTH_MAX ? own : `${own}: ${describeCaused(error.cause, depth + 1)}`;
}

/** What a value of the wrong form is called by Postgres: the value stands behind it. */
const REFUSED_VALUE = /(: )".*$/s;

/** Of a failed statement its text, never its parameters, and of a value that Postgres refused only that it was: they are what people told us. */
function wordsOf(error: Error): string {
  const { cause } = error;
  // Who wraps an error often repeats its words.
  return cause instanceof Error && cause.message !== '' ? ownWordsOf(error).replaceAll(cause.message, () => ownWordsOf(cause)) : ownWordsOf(error);
}

function ownWordsOf(error: Error): string {
  if ('query' in error && 'params' in error) return `Failed query: ${String(error.query)}`;
  return error.name === 'PostgresError' ? error.message.replace(REFUSED_VALUE, '$1…') : error.message;
}

function describeValue(value: unknown): string {
  try {
    return String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}
