import { createLlmClient, type LlmClientOptions } from '#server/ai/create-llm-client.ts';
import type { LlmClient, LlmRequest } from '#server/ai/types.ts';
import { type OpenRouterStandInOptions, startOpenRouterStandIn } from '#server/sandbox/openrouter/create-stand-in.ts';
import type { Fault } from '#server/sandbox/openrouter/fault-queue.ts';
import type { JournalEntry, NewJournalEntry } from '#server/sandbox/openrouter/journal-entry.ts';

/** A key that the stand-in accepts. */
export const TEST_API_KEY = 'sk-or-v1-test-0123456789';
/** A management key that the stand-in accepts. */
export const TEST_MANAGEMENT_KEY = 'sk-or-v1-mgmt-0123456789';

/** A stand-in for OpenRouter in this process, and what a test asks of it. */
export interface TestOpenRouter {
  readonly url: string;
  readonly controlUrl: string;
  /** Our own client, pointed at it. */
  client(options?: Partial<LlmClientOptions>): LlmClient;
  addFault(fault: Partial<Fault> & Pick<Fault, 'mode'>): Promise<void>;
  clearFaults(): Promise<void>;
  /** What was served and billed, oldest first. */
  journal(after?: number): Promise<{ readonly entries: readonly JournalEntry[]; readonly totalUsd: string }>;
  importEntries(entries: readonly NewJournalEntry[]): Promise<void>;
  close(): Promise<void>;
}

/** Starts a stand-in that answers at once; close it after the test. */
export async function startTestOpenRouter(options: Partial<OpenRouterStandInOptions> = {}): Promise<TestOpenRouter> {
  const standIn = await startOpenRouterStandIn({ port: 0, seed: 1, latencyScale: 0, ...options });
  const control = async (path: string, method = 'GET', body?: unknown): Promise<Response> => {
    const response = await fetch(`${standIn.controlUrl}${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`control API: ${response.status} ${await response.text()}`);
    return response;
  };
  return {
    url: standIn.url,
    controlUrl: standIn.controlUrl,
    client: (overrides = {}) => createLlmClient({ baseUrl: standIn.url, apiKey: TEST_API_KEY, ...overrides }),
    addFault: async (fault) => void (await control('/faults', 'POST', fault)),
    clearFaults: async () => void (await control('/faults', 'DELETE')),
    journal: async (after = 0) => (await control(`/journal?after=${after}`)).json() as ReturnType<TestOpenRouter['journal']>,
    importEntries: async (entries) => void (await control('/journal', 'POST', { entries })),
    close: () => standIn.close(),
  };
}

/** A request for an English horoscope, or what is wanted instead. */
export function buildLlmRequest(overrides: Partial<LlmRequest> = {}): LlmRequest {
  return {
    requestId: '0195b1c0-0000-7000-8000-000000000001',
    operation: 'horoscope',
    model: 'openai/gpt-4o-mini',
    prompt: { system: 'You are an astrologer. Answer in English.', user: 'Horoscope of the day for Leo.', completionTokensMax: 1_500 },
    userTag: 'tag-of-a-user',
    ...overrides,
  };
}
