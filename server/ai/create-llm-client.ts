import type OpenAI from 'openai';
import type { AiErrorType } from '#server/contracts/vocabulary.ts';
import { sleep } from '#server/lib/sleep.ts';
import { CompletionStream } from './completion-stream.ts';
import type { ExchangeTimeouts } from './deadlines.ts';
import { exchange, type ExchangeResult } from './exchange.ts';
import { readGeneration } from './find-generation.ts';
import { readKey } from './get-key.ts';
import { interpretExchange } from './interpret-exchange.ts';
import { readActivity } from './list-activity.ts';
import { readModels } from './list-models.ts';
import { createRunAttempts } from './run-attempts.ts';
import { createSdkLoader } from './load-sdk.ts';
import type { LlmClient, LlmRequest } from './types.ts';

/** One request to OpenRouter that has ended. */
export interface LlmRequestEvent {
  readonly endpoint: 'chat_completions' | 'generation' | 'models' | 'key' | 'activity';
  readonly outcome: 'ok' | AiErrorType;
  readonly durationMs: number;
}

export interface LlmClientOptions {
  /** With its path, as `https://openrouter.ai/api/v1`. */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** Sent to `/activity` only, and no other key is sent there. */
  readonly managementKey?: string | undefined;
  /** Where this installation lives; OpenRouter attributes its calls to it. */
  readonly appUrl?: string;
  /** Of one generation in total, from call to last byte. */
  readonly timeoutMs?: number;
  /** To the connection, to the response's headers, and between two pieces of the answer. */
  readonly connectTimeoutMs?: number;
  readonly firstByteTimeoutMs?: number;
  readonly idleTimeoutMs?: number;
  /** Attempts at one reading; see `next-step.ts` for how many unless given. */
  readonly attemptsMax?: number;
  /** Told of every request, failed ones included. Must not throw. */
  readonly onRequest?: (event: LlmRequestEvent) => void;
}

const GENERATION_TIMEOUT_MS = 90_000;
const CONNECT_TIMEOUT_MS = 5_000;
const FIRST_BYTE_TIMEOUT_MS = 20_000;
const IDLE_TIMEOUT_MS = 15_000;
const MODELS_TIMEOUT_MS = 15_000;
const LOOKUP_TIMEOUT_MS = 10_000;
const KEY_TIMEOUT_MS = 5_000;
/** A stream wraps each few words in some 300 bytes. */
const COMPLETION_SIZE_MAX_BYTES = 2_000_000;
const LOOKUP_SIZE_MAX_BYTES = 200_000;
const MODELS_SIZE_MAX_BYTES = 16_000_000;
const KEY_SIZE_MAX_BYTES = 100_000;
const ACTIVITY_TIMEOUT_MS = 15_000;
const ACTIVITY_SIZE_MAX_BYTES = 8_000_000;

/** The client of OpenRouter. `generate` never retries, nor does the SDK below it: no attempt is invisible to the books that `run` keeps. */
export function createLlmClient(options: LlmClientOptions): LlmClient {
  const wire = createWire(options);
  const get = createGet(wire);
  const generate = createGenerate(wire);
  return {
    generate,
    run: createRunAttempts({ generate, sleep, ...(options.attemptsMax === undefined ? {} : { attemptsMax: options.attemptsMax }) }),
    findGeneration: (generationId) =>
      get('generation', { timeoutMs: LOOKUP_TIMEOUT_MS, bodySizeMaxBytes: LOOKUP_SIZE_MAX_BYTES }, readGeneration, { query: { id: generationId } }),
    listModels: () => get('models', { timeoutMs: MODELS_TIMEOUT_MS, bodySizeMaxBytes: MODELS_SIZE_MAX_BYTES }, readModels),
    getKey: (signal) => get('key', { timeoutMs: KEY_TIMEOUT_MS, bodySizeMaxBytes: KEY_SIZE_MAX_BYTES }, readKey, { signal }),
    listActivity: createListActivity(options),
  };
}

/** Through a wire of its own, so that neither key goes where the other belongs. */
function createListActivity({ managementKey, ...options }: LlmClientOptions): LlmClient['listActivity'] {
  if (managementKey === undefined) return null;
  const get = createGet(createWire({ ...options, apiKey: managementKey }));
  return (date) =>
    get('activity', { timeoutMs: ACTIVITY_TIMEOUT_MS, bodySizeMaxBytes: ACTIVITY_SIZE_MAX_BYTES }, readActivity, date === undefined ? {} : { query: { date } });
}

/** What every call of one client shares. */
interface Wire {
  readonly getSdk: () => Promise<OpenAI>;
  readonly secret: string;
  readonly timeoutMs: number;
  /** The limits of a call that may take so long in total. */
  within(totalMs: number): ExchangeTimeouts;
  /** Tells the observer of a call that has ended; gives its duration. */
  tell(endpoint: LlmRequestEvent['endpoint'], outcome: LlmRequestEvent['outcome'], startedAt: number): number;
}

function createWire(options: LlmClientOptions): Wire {
  const { apiKey, timeoutMs = GENERATION_TIMEOUT_MS, firstByteTimeoutMs = FIRST_BYTE_TIMEOUT_MS, idleTimeoutMs = IDLE_TIMEOUT_MS } = options;
  return {
    getSdk: createSdkLoader({ connectTimeoutMs: CONNECT_TIMEOUT_MS, ...options, timeoutMs }),
    secret: apiKey,
    timeoutMs,
    within: (totalMs) => ({ totalMs, firstByteMs: Math.min(firstByteTimeoutMs, totalMs), idleMs: Math.min(idleTimeoutMs, totalMs) }),
    tell(endpoint, outcome, startedAt) {
      const durationMs = Math.round(performance.now() - startedAt);
      options.onRequest?.({ endpoint, outcome, durationMs });
      return durationMs;
    },
  };
}

interface Limits {
  readonly timeoutMs: number;
  readonly bodySizeMaxBytes: number;
}

function createGet(wire: Wire) {
  return async <T>(
    endpoint: 'models' | 'key' | 'generation' | 'activity',
    { timeoutMs, bodySizeMaxBytes }: Limits,
    read: (result: ExchangeResult) => T,
    { signal, query }: { signal?: AbortSignal | undefined; query?: Record<string, string> } = {},
  ): Promise<T> => {
    const sdk = await wire.getSdk();
    const send = (either: AbortSignal) => sdk.get(`/${endpoint}`, { signal: either, ...(query ? { query } : {}) }).asResponse();
    const startedAt = performance.now();
    const result = await exchange({ send, signal, secret: wire.secret, timeouts: wire.within(Math.min(wire.timeoutMs, timeoutMs)), bodySizeMaxBytes });
    try {
      const value = read(result);
      wire.tell(endpoint, result.kind === 'failed' ? result.errorType : 'ok', startedAt);
      return value;
    } catch (error) {
      wire.tell(endpoint, result.kind === 'failed' ? result.errorType : 'invalid_response', startedAt);
      throw error;
    }
  };
}

function createGenerate(wire: Wire): LlmClient['generate'] {
  return async (request, signal, hooks = {}) => {
    const sdk = await wire.getSdk();
    const startedAt = performance.now();
    let firstTextAt: number | undefined;
    const stream = new CompletionStream(() => {
      firstTextAt = performance.now();
      void hooks.onStage?.('first_token');
    });
    const result = await exchange({
      send: async (either) => {
        const response = sdk.chat.completions.create(buildBody(request), { signal: either }).asResponse();
        // Whoever listens may take long; a refusal meanwhile is still ours to handle.
        response.catch(() => undefined);
        await hooks.onStage?.('sent');
        return response;
      },
      signal,
      secret: wire.secret,
      timeouts: wire.within(wire.timeoutMs),
      bodySizeMaxBytes: COMPLETION_SIZE_MAX_BYTES,
      onHeaders: async (generationId) => {
        if (generationId !== null) await hooks.onGenerationId?.(generationId);
        await hooks.onStage?.('headers');
      },
      onText: (text) => stream.push(text),
    });
    await hooks.onStage?.('body');
    const outcome = interpretExchange(result, stream);
    const durationMs = wire.tell('chat_completions', outcome.kind === 'answered' ? 'ok' : outcome.errorType, startedAt);
    return { ...outcome, durationMs, ...(firstTextAt === undefined ? {} : { timeToFirstTokenMs: Math.round(firstTextAt - startedAt) }) };
  };
}

function buildBody({ model, prompt, userTag }: LlmRequest): OpenAI.ChatCompletionCreateParamsStreaming {
  return {
    model,
    messages: [
      { role: 'system', content: prompt.system },
      { role: 'user', content: prompt.user },
    ],
    max_tokens: prompt.completionTokensMax,
    // The id comes with the headers, silence can be told from work, and an answer that breaks off costs only what was written.
    stream: true,
    ...(userTag === null ? {} : { user: userTag }),
  };
}
