import { autoRetry } from '@grammyjs/auto-retry';
import { Api, GrammyError, type ApiClientOptions, type Transformer } from 'grammy';
import type { TelegramOutcome } from '#server/contracts/vocabulary.ts';
import type { TelegramOptions, TelegramRequestEvent } from './deps.ts';

/** Longest wait for an answer to anything but a long poll. */
const REQUEST_TIMEOUT_SECONDS = 20;
/** Telegram holds a long poll for 30 s; what takes longer is a dead link. */
const POLL_TIMEOUT_SECONDS = 45;
const RETRIES_MAX = 3;
/** A longer `retry_after` is left to the inbox, which tries the whole update again later. */
const RETRY_DELAY_SECONDS_MAX = 30;

/** The signal type of grammY's client, whose declarations name a polyfill's. */
type ApiSignal = NonNullable<Parameters<Api['getMe']>[0]>;

/** A signal as grammY's client takes it: it accepts the platform's own at runtime, only its declarations do not say so. */
export function apiSignal(signal: AbortSignal): ApiSignal {
  return signal as ApiSignal;
}

/** Options of the bot's own client. */
export function botClientOptions(telegram: TelegramOptions): ApiClientOptions {
  return { apiRoot: telegram.apiRoot, timeoutSeconds: REQUEST_TIMEOUT_SECONDS };
}

/** Retries 429 and 5xx a few times; a lost connection is not retried here, because the message may have arrived. */
export function boundedRetry(): Transformer {
  return autoRetry({ maxRetryAttempts: RETRIES_MAX, maxDelaySeconds: RETRY_DELAY_SECONDS_MAX, rethrowHttpErrors: true });
}

/** A client for intake: no retries inside, so that every failed poll is seen by whoever polls. */
export function createIntakeApi(telegram: TelegramOptions, onRequest: (event: TelegramRequestEvent) => void): Api {
  const api = new Api(telegram.token, { apiRoot: telegram.apiRoot, timeoutSeconds: POLL_TIMEOUT_SECONDS });
  api.config.use(observeRequests(onRequest));
  return api;
}

/** Reports every request and how it ended; changes nothing. */
export function observeRequests(onRequest: (event: TelegramRequestEvent) => void): Transformer {
  return async (call, method, payload, signal) => {
    const startedAt = performance.now();
    const report = (outcome: TelegramOutcome) => onRequest({ method, outcome, durationMs: performance.now() - startedAt });
    try {
      const response = await call(method, payload, signal);
      report(response.ok ? 'ok' : outcomeOf(response.error_code));
      return response;
    } catch (error) {
      // A poll that we ended ourselves did not fail.
      if (!signal?.aborted) report(error instanceof GrammyError ? outcomeOf(error.error_code) : 'network_error');
      throw error;
    }
  };
}

function outcomeOf(errorCode: number): TelegramOutcome {
  if (errorCode === 401) return 'unauthorized';
  if (errorCode === 403) return 'blocked';
  if (errorCode === 429) return 'rate_limited';
  return errorCode >= 500 ? 'server_error' : 'bad_request';
}
