import type OpenAI from 'openai';

export interface SdkOptions {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly appUrl?: string;
  readonly timeoutMs: number;
  readonly connectTimeoutMs: number;
}

const APP_TITLE = 'AdtroBot';
/** Ours must be the deadline that strikes: it knows why. */
const SDK_TIMEOUT_MARGIN_MS = 5_000;

/** Loads the SDK at the first call: it takes a fifth of a second, which starting up need not pay. */
export function createSdkLoader({ baseUrl, apiKey, appUrl, timeoutMs, connectTimeoutMs }: SdkOptions): () => Promise<OpenAI> {
  let loading: Promise<OpenAI> | null = null;
  return () => {
    loading ??= Promise.all([import('openai'), import('undici')]).then(
      ([{ default: Sdk }, { Agent }]) =>
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
          // With the key: headers that the SDK takes from the environment must not replace it.
          defaultHeaders: { Authorization: `Bearer ${apiKey}`, 'X-OpenRouter-Title': APP_TITLE, ...(appUrl ? { 'HTTP-Referer': appUrl } : {}) },
          // A redirect would carry the key to wherever it points.
          fetchOptions: { redirect: 'error', dispatcher: new Agent({ connect: { timeout: connectTimeoutMs } }) },
        }),
    );
    return loading;
  };
}
