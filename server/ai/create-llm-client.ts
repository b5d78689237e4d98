import type OpenAI from 'openai';
import type { AiErrorType } from '#server/contracts/vocabulary.ts';
import { exchange, type ExchangeResult } from './exchange.ts';
import { readKey } from './get-key.ts';
import { readModels } from './list-models.ts';
import { parseAnswer } from './parse-answer.ts';
import type { LlmClient, LlmOutcome, LlmRequest } from './types.ts';

/** One request to OpenRouter that has ended. */
export interface LlmRequestEvent {
  readonly endpoint: 'chat_completions' | 'models' | 'key';
  readonly outcome: 'ok' | AiErrorType;
  readonly durationMs: number;
}

export interface LlmClientOptions {
  /** With its path, as `https://openrouter.ai/api/v1`. */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** Where this installation lives; OpenRouter attributes its calls to it. */
  readonly appUrl?: string;
  /** Of one generation in total, from call to last byte. */
  readonly timeoutMs?: number;
  /** Told of every request, failed ones included. Must not throw. */
  readonly onRequest?: (event: LlmRequestEvent) => void;
}

const APP_TITLE = 'AdtroBot';
const GENERATION_TIMEOUT_MS = 60_000;
const MODELS_TIMEOUT_MS = 15_000;
const KEY_TIMEOUT_MS = 5_000;
/** Ours must be the deadline that strikes: it knows why. */
const SDK_TIMEOUT_MARGIN_MS = 5_000;
const COMPLETION_SIZE_MAX_BYTES = 2_000_000;
const MODELS_SIZE_MAX_BYTES = 16_000_000;
const KEY_SIZE_MAX_BYTES = 100_000;

/**
 * The client of OpenRouter. Nothing is retried here, because each attempt may be billed and is a row of the ledger:
 * whoever owns the attempt decides on the next one.
 */
export function createLlmClient(options: LlmClientOptions): LlmClient {
  const { timeoutMs = GENERATION_TIMEOUT_MS } = options;
  const getSdk = createSdkLoader(options);

  const tell = (endpoint: LlmRequestEvent['endpoint'], outcome: LlmRequestEvent['outcome'], startedAt: number): number => {
    const durationMs = Math.round(performance.now() - startedAt);
    options.onRequest?.({ endpoint, outcome, durationMs });
    return durationMs;
  };

  const get = async <T>(
    endpoint: 'models' | 'key',
    limits: Limits,
    read: (result: ExchangeResult) => T,
    signal?: AbortSignal,
  ): Promise<T> => {
    const sdk = await getSdk();
    const send = (either: AbortSignal) => sdk.get(`/${endpoint}`, { signal: either }).asResponse();
    const startedAt = performance.now();
    const result = await exchange({ send, signal, secret: options.apiKey, ...limits });
    try {
      const value = read(result);
      tell(endpoint, 'ok', startedAt);
      return value;
    } catch (error) {
      tell(endpoint, result.kind === 'failed' ? result.errorType : 'invalid_response', startedAt);
      throw error;
    }
  };

  return {
    async generate(request, signal) {
      const sdk = await getSdk();
      const send = (either: AbortSignal) => sdk.chat.completions.create(buildBody(request), { signal: either }).asResponse();
      const startedAt = performance.now();
      const limits = { timeoutMs, bodySizeMaxBytes: COMPLETION_SIZE_MAX_BYTES };
      const outcome = interpret(await exchange({ send, signal, secret: options.apiKey, ...limits }));
      const durationMs = tell('chat_completions', outcome.kind === 'answered' ? 'ok' : outcome.errorType, startedAt);
      return { ...outcome, durationMs };
    },
    listModels: () =>
      get('models', { timeoutMs: Math.min(timeoutMs, MODELS_TIMEOUT_MS), bodySizeMaxBytes: MODELS_SIZE_MAX_BYTES }, readModels),
    getKey: (signal) =>
      get('key', { timeoutMs: Math.min(timeoutMs, KEY_TIMEOUT_MS), bodySizeMaxBytes: KEY_SIZE_MAX_BYTES }, readKey, signal),
  };
}

interface Limits {
  readonly timeoutMs: number;
  readonly bodySizeMaxBytes: number;
}

/** Loads the SDK at the first call: it takes a fifth of a second, which starting up need not pay. */
function createSdkLoader({ baseUrl, apiKey, appUrl, timeoutMs = GENERATION_TIMEOUT_MS }: LlmClientOptions): () => Promise<OpenAI> {
  let loading: Promise<OpenAI> | null = null;
  return () => {
    loading ??= import('openai').then(
      ({ default: Sdk }) =>
        new Sdk({
          baseURL: baseUrl,
          apiKey,
          // Set, so that the SDK does not look for them in the environment.
          adminAPIKey: null,
          organization: null,
          project: null,
          webhookSecret: null,
          logLevel: 'off',
          maxRetries: 0,
          timeout: timeoutMs + SDK_TIMEOUT_MARGIN_MS,
          defaultHeaders: { 'X-OpenRouter-Title': APP_TITLE, ...(appUrl ? { 'HTTP-Referer': appUrl } : {}) },
          // A redirect would carry the key to wherever it points.
          fetchOptions: { redirect: 'error' },
        }),
    );
    return loading;
  };
}

function buildBody({ model, prompt, userTag }: LlmRequest): OpenAI.ChatCompletionCreateParamsNonStreaming {
  return {
    model,
    messages: [
      { role: 'system', content: prompt.system },
      { role: 'user', content: prompt.user },
    ],
    max_tokens: prompt.completionTokensMax,
    ...(userTag === null ? {} : { user: userTag }),
  };
}

const NOTHING_KNOWN = { responseModel: null, provider: null, finishReason: null, usage: null, bill: null } as const;

type WithoutDuration<T> = T extends unknown ? Omit<T, 'durationMs'> : never;

function interpret(result: ExchangeResult): WithoutDuration<LlmOutcome> {
  if (result.kind === 'failed') return { ...NOTHING_KNOWN, ...result };
  const answer = parseAnswer(result.text, result.generationId);
  return answer.kind === 'answered' ? answer : { ...answer, httpStatus: 200 };
}
