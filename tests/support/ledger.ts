import { asc, eq } from 'drizzle-orm';
import { aiUsage, budgets, type AiUsage, type BudgetStep, type NewBudget } from '#db/schema/index.ts';
import type { LlmClientOptions } from '#server/ai/create-llm-client.ts';
import type { Language } from '#server/contracts/vocabulary.ts';
import { systemClock } from '#server/lib/clock.ts';
import { createLogger } from '#server/lib/logger.ts';
import type { OpenRouterStandInOptions } from '#server/sandbox/openrouter/create-stand-in.ts';
import { lookUpCosts } from '#server/services/generations/look-up-costs.ts';
import { runGeneration } from '#server/services/generations/run-generation.ts';
import type { FinishedGeneration, GenerationDeps, GenerationResult, ResolvedCost } from '#server/services/generations/types.ts';
import { refreshPrices } from '#server/services/prices/refresh-prices.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { startTestOpenRouter, type TestOpenRouter } from './openrouter.ts';

export const MODEL = 'google/gemini-2.5-flash';
export const FALLBACK = 'openai/gpt-4.1-mini';
export const CHEAPER = 'google/gemini-2.5-flash-lite';

/** The ledger on a real Postgres, with the stand-in for OpenRouter behind it. */
export interface LedgerRig {
  readonly database: TestDatabase;
  readonly openRouter: TestOpenRouter;
  readonly deps: GenerationDeps;
  readonly finished: readonly FinishedGeneration[];
  readonly resolved: readonly ResolvedCost[];
  /** One reading and the rows of its attempts, oldest first. */
  read(overrides?: Partial<ReadOptions>): Promise<{ readonly result: GenerationResult; readonly rows: readonly AiUsage[] }>;
  lookUp(): Promise<number>;
  row(requestId: string): Promise<AiUsage>;
  addBudget(budget: Partial<NewBudget> & { readonly limitUsd: string; readonly steps: readonly BudgetStep[] }): Promise<number>;
  close(): Promise<void>;
}

export interface ReadOptions {
  readonly userId: number;
  readonly plan: 'free' | 'premium';
  readonly language: Language;
  readonly deps: Partial<GenerationDeps>;
}

export interface LedgerRigOptions extends Partial<OpenRouterStandInOptions> {
  readonly client?: Partial<LlmClientOptions>;
}

/** Starts the rig; `client` overrides what the client of OpenRouter does. */
export async function startLedgerRig({ client, ...standIn }: LedgerRigOptions = {}): Promise<LedgerRig> {
  const [database, openRouter] = await Promise.all([createTestDatabase({ maxConnections: 10 }), startTestOpenRouter(standIn)]);
  const { db } = database.handle;
  const finished: FinishedGeneration[] = [];
  const resolved: ResolvedCost[] = [];
  const llm = openRouter.client({ timeoutMs: 3_000, ...client });
  const deps: GenerationDeps = {
    db,
    llm,
    clock: systemClock,
    logger: createLogger('silent'),
    models: { horoscope: MODEL, tarot_card: MODEL, tarot_three_cards: MODEL, natal_chart: MODEL },
    fallbackModels: [FALLBACK],
    cheaperModel: CHEAPER,
    pseudonymSecret: 'a secret of this test',
    onGenerationFinished: (generation) => void finished.push(generation),
  };
  await refreshPrices({ db, llm, clock: systemClock });
  let updateId = 0;
  return {
    database,
    openRouter,
    deps,
    finished,
    resolved,
    async read({ userId = 7, plan = 'free', language = 'en', deps: overrides = {} } = {}) {
      updateId += 1;
      const own = updateId;
      const result = await runGeneration({ ...deps, ...overrides }, { operation: 'tarot_card', userId, plan, language, updateId: own, prompt: promptIn(language), store: async () => undefined });
      const rows = await db.select().from(aiUsage).where(eq(aiUsage.updateId, own)).orderBy(asc(aiUsage.attempt));
      return { result, rows };
    },
    lookUp: () => lookUpCosts({ ...deps, onCostResolved: (cost) => void resolved.push(cost) }),
    async row(requestId) {
      const [row] = await db.select().from(aiUsage).where(eq(aiUsage.requestId, requestId));
      if (!row) throw new Error(`no row ${requestId}`);
      return row;
    },
    async addBudget(budget) {
      const at = new Date();
      const [row] = await db.insert(budgets).values({ name: 'test', period: 'day', scope: 'all', createdAt: at, updatedAt: at, ...budget }).returning({ id: budgets.id });
      return row?.id ?? 0;
    },
    async close() {
      await openRouter.close();
      await database.drop();
    },
  };
}

function promptIn(language: Language) {
  const system = language === 'ru' ? 'You are an experienced tarot reader. Answer in Russian.' : 'You are an experienced tarot reader. Answer in English.';
  return { system, user: 'The card of the day for 2026-11-25 is The Star (upright). Tell what it means.', completionTokensMax: 400 };
}
