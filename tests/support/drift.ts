import type { DriftDeps } from '#server/services/drift/deps.ts';
import type { NewJournalEntry } from '#server/sandbox/openrouter/journal-entry.ts';
import type { LlmClientOptions } from '#server/ai/create-llm-client.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { startTestOpenRouter, TEST_MANAGEMENT_KEY, type TestOpenRouter } from './openrouter.ts';

/** The ledger on a real Postgres and the stand-in for OpenRouter, both at the same settable time. */
export interface DriftRig {
  readonly database: TestDatabase;
  readonly openRouter: TestOpenRouter;
  readonly deps: DriftDeps;
  /** The differences that were told, oldest first. */
  readonly told: readonly string[];
  setTime(at: Date | string): void;
  /** Deps of another client. */
  withClient(options: Partial<LlmClientOptions>): DriftDeps;
  close(): Promise<void>;
}

export async function startDriftRig(at: string): Promise<DriftRig> {
  let now = new Date(at);
  const clock = { now: () => new Date(now) };
  const [database, openRouter] = await Promise.all([createTestDatabase({ maxConnections: 10 }), startTestOpenRouter({ clock })]);
  const told: string[] = [];
  const withClient = (options: Partial<LlmClientOptions>): DriftDeps => ({
    db: database.handle.db,
    clock,
    source: { llm: openRouter.client({ managementKey: TEST_MANAGEMENT_KEY, timeoutMs: 3_000, ...options }), onMeasured: (usd) => void told.push(usd) },
  });
  return {
    database,
    openRouter,
    deps: withClient({}),
    told,
    setTime: (to) => void (now = new Date(to)),
    withClient,
    async close() {
      await openRouter.close();
      await database.drop();
    },
  };
}

/** A call as the stand-in's journal holds it. */
export function spent(at: string, costUsd: string, rest: Partial<NewJournalEntry> = {}): NewJournalEntry {
  return { at, costUsd, generationId: null, model: 'google/gemini-2.5-flash', ...rest };
}
