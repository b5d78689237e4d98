import type { AiErrorType } from '#server/contracts/vocabulary.ts';
import { describeError } from '#server/errors.ts';
import { classifyConnectionError, classifyStatus } from './classify-error.ts';
import { Deadlines, type ExchangeTimeouts } from './deadlines.ts';
import { isRecord, shorten } from './json.ts';
import { describe } from './parse-answer.ts';
import { BodyTooLargeError, readBody } from './read-body.ts';
import { readRetryAfterMs } from './retry-after.ts';

/** One HTTP exchange's end: the text of a 2xx body, or why there is none. */
export type ExchangeResult =
  | { readonly kind: 'body'; readonly text: string; readonly generationId: string | null; readonly isEventStream: boolean }
  | {
      readonly kind: 'failed';
      readonly errorType: AiErrorType;
      readonly wasBilled: 'no' | 'unknown';
      readonly detail: string;
      readonly httpStatus: number | null;
      readonly generationId: string | null;
      /** How long we were asked to wait before the next attempt. */
      readonly retryAfterMs?: number;
    };

export interface ExchangeOptions {
  /** Sends the request; resolves with a 2xx response as soon as its headers are there. */
  readonly send: (signal: AbortSignal) => Promise<Response>;
  readonly timeouts: ExchangeTimeouts;
  readonly bodySizeMaxBytes: number;
  /** The caller's wish to stop. */
  readonly signal: AbortSignal | undefined;
  /** What no text that comes back may hold: providers' words have been seen to repeat the key. */
  readonly secret: string;
  /** The headers are there; awaited before the body is read. */
  readonly onHeaders?: (generationId: string | null) => Promise<void>;
  /** The next piece of the body, as it comes in. */
  readonly onText?: (text: string) => void;
}

/** Does one exchange under its deadlines; never rejects for the network. The generation id is kept also when the body never comes. */
export async function exchange(options: ExchangeOptions): Promise<ExchangeResult> {
  const result = await attempt(options);
  const clean = (text: string): string => text.replaceAll(options.secret, '[key]');
  return result.kind === 'body' ? { ...result, text: clean(result.text) } : { ...result, detail: shorten(clean(result.detail)) };
}

async function attempt(options: ExchangeOptions): Promise<ExchangeResult> {
  const { send, bodySizeMaxBytes, signal, onText } = options;
  if (signal?.aborted) return failure('interrupted', 'no', 'stopped before it was sent', null, null);

  const deadlines = new Deadlines(options.timeouts);
  const either = signal ? AbortSignal.any([signal, deadlines.signal]) : deadlines.signal;
  let response: Response | null = null;
  try {
    response = await send(either);
    deadlines.noteProgress();
    await options.onHeaders?.(readGenerationId(response.headers));
    const text = await readBody(response, bodySizeMaxBytes, either, (piece) => {
      deadlines.noteProgress();
      onText?.(piece);
    });
    const isEventStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
    return { kind: 'body', text, generationId: readGenerationId(response.headers), isEventStream };
  } catch (error) {
    const generationId = response ? readGenerationId(response.headers) : null;
    const httpStatus = response?.status ?? null;
    if (signal?.aborted) return failure('interrupted', 'unknown', 'stopped by us', httpStatus, generationId);
    if (deadlines.missed) return failure('timeout', 'unknown', deadlines.describeMissed(), httpStatus, generationId);
    return explain(error, httpStatus, generationId);
  } finally {
    deadlines.clear();
  }
}

type Failure = Extract<ExchangeResult, { kind: 'failed' }>;

function explain(error: unknown, httpStatus: number | null, generationId: string | null): Failure {
  if (error instanceof BodyTooLargeError) return failure('invalid_response', 'unknown', error.message, httpStatus, generationId);
  const answer = readErrorAnswer(error);
  if (!answer) {
    const { errorType, wasBilled } = classifyConnectionError(error);
    // Once headers came, the request was sent, whatever the code says.
    return failure(errorType, httpStatus === null ? wasBilled : 'unknown', describeError(error), httpStatus, generationId);
  }
  const id = readGenerationId(answer.headers);
  const { errorType, wasBilled } = classifyStatus(answer.status, { hasEnvelope: isRecord(answer.envelope), generationId: id });
  const detail = isRecord(answer.envelope) ? describe(answer.envelope) : describeError(error);
  const retryAfterMs = readRetryAfterMs(answer.headers);
  return { ...failure(errorType, wasBilled, detail, answer.status, id), ...(retryAfterMs === null ? {} : { retryAfterMs }) };
}

interface ErrorAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** What stood under `error` in the body; undefined when the body was no such thing. */
  readonly envelope: unknown;
}

/** The SDK's `APIError` with a status, told by its fields so that the SDK need not be loaded to ask. */
function readErrorAnswer(error: unknown): ErrorAnswer | null {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return null;
  const headers = 'headers' in error && error.headers instanceof Headers ? error.headers : new Headers();
  return { status: error.status, headers, envelope: 'error' in error ? error.error : undefined };
}

function readGenerationId(headers: Headers): string | null {
  const id = headers.get('x-generation-id');
  return id?.startsWith('gen-') ? id : null;
}

function failure(
  errorType: AiErrorType,
  wasBilled: 'no' | 'unknown',
  detail: string,
  httpStatus: number | null,
  generationId: string | null,
): Failure {
  return { kind: 'failed', errorType, wasBilled, detail, httpStatus, generationId };
}
