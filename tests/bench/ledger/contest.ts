import { v7 as uuidv7 } from 'uuid';
import { openDatabase } from '#db/client.ts';
import { aiUsage, budgets } from '#db/schema/index.ts';
import type { LlmOutcome } from '#server/ai/types.ts';
import { assessOutcome } from '#server/services/generations/assess-outcome.ts';
import { finishGeneration } from '#server/services/generations/finish-generation.ts';
import { createReserver } from '#server/services/generations/create-reserver.ts';
import { recordPrices } from '#server/services/prices/record-prices.ts';
import type { Contest } from '../contest.ts';

const MODEL = 'google/gemini-2.5-flash';
const USERS = 500;
/** As the server has it. */
const POOL_SIZE = 10;
const GENERATIONS_PER_WRITER = 150;

const outcome = (): LlmOutcome => ({
  kind: 'answered', text: 'The Star', durationMs: 2_100, timeToFirstTokenMs: 400, generationId: `gen-${uuidv7()}`, responseModel: MODEL, provider: 'Google',
  finishReason: 'stop', usage: { promptTokens: 180, completionTokens: 420, cachedPromptTokens: 0, reasoningTokens: 0 }, bill: { costUsd: '0.001104', isByok: false },
});

/** Two budgets that every generation falls under, far from their limits: what a careful owner sets. */
export async function prepareLedger(databaseUrl: string): Promise<void> {
  const { db, close } = openDatabase({ url: databaseUrl });
  const at = new Date();
  await recordPrices(db, [{ model: MODEL, promptUsd: '0.0000003', completionUsd: '0.0000025', requestUsd: '0', cachedPromptUsd: null }], new Date(0));
  const shared = { limitUsd: '100000', createdAt: at, updatedAt: at };
  await db.insert(budgets).values([
    { ...shared, name: 'all', period: 'month', scope: 'all', steps: [{ percent: 50, action: 'warn' }, { percent: 100, action: 'stop' }] },
    { ...shared, name: 'each user', period: 'day', scope: 'user', steps: [{ percent: 100, action: 'stop' }] },
  ]);
  await close();
}

/** Generations booked per second by so many writers: reserve and settle with two budgets, against bare durable inserts. */
export function createLedgerContest(databaseUrl: string, writerCount: number, roundCount: number): Contest {
  const timed = (write: (writer: number, index: number) => Promise<void>) => async () => {
    const startedAt = performance.now();
    await Promise.all(
      Array.from({ length: writerCount }, async (_, writer) => {
        for (let index = 0; index < GENERATIONS_PER_WRITER; index += 1) await write(writer, index);
      }),
    );
    return (writerCount * GENERATIONS_PER_WRITER) / ((performance.now() - startedAt) / 1_000);
  };
  const ours = openDatabase({ url: databaseUrl, maxConnections: POOL_SIZE });
  const peer = openDatabase({ url: databaseUrl, maxConnections: writerCount });
  return {
    name: `Ledger, ${writerCount} ${writerCount === 1 ? 'writer' : 'writers'}`,
    conditions: `a generation is two commits of ours (reserve, settle) with two budgets kept, one of the peer; every commit durable, embedded Postgres, pool of ${POOL_SIZE} and of ${writerCount}`,
    unit: 'generations/s',
    isHigherBetter: true,
    roundCount,
    warmUpCount: 1,
    contestants: [
      { name: 'reserve + settle', measure: timed(ourWriter(ours.db)) },
      { name: 'bare insert of the same row', measure: timed(bareWriter(peer.db)) },
    ],
  };
}

type Db = ReturnType<typeof openDatabase>['db'];

function ourWriter(db: Db) {
  const reserve = createReserver({ db, reportingTimeZone: 'UTC', cheaperModel: null, leaseMs: 120_000 });
  return async (writer: number, index: number): Promise<void> => {
    const startedAt = new Date();
    const reservation = await reserve({
      operation: 'tarot_card', model: MODEL, plan: 'free', userId: (writer * GENERATIONS_PER_WRITER + index) % USERS, startedAt, askId: uuidv7(), attempt: 1,
      updateId: null, promptTokensMax: 900, completionTokensMax: 1_200,
    });
    if (reservation.kind === 'refused') throw new Error('the bench must stay under its budgets');
    const answered = outcome();
    const input = { startedAt, requestId: reservation.requestId, outcome: answered, assessment: assessOutcome(answered, null), finishedAt: new Date(), reportingTimeZone: 'UTC' };
    await finishGeneration(db, input);
  };
}

function bareWriter(db: Db) {
  return async (writer: number, index: number): Promise<void> => {
    const { usage, bill, timeToFirstTokenMs, ...trace } = outcome();
    const at = new Date();
    await db.insert(aiUsage).values({
      requestId: uuidv7(), askId: uuidv7(), operation: 'tarot_card', plan: 'free', userId: (writer * GENERATIONS_PER_WRITER + index) % USERS, model: MODEL,
      status: 'settled', costUsd: bill?.costUsd ?? null, costSource: 'billed', reservedUsd: '0.003', isByok: false, generationId: trace.generationId,
      responseModel: trace.responseModel, provider: trace.provider, finishReason: trace.finishReason, durationMs: trace.durationMs, timeToFirstTokenMs: timeToFirstTokenMs ?? null,
      ...usage, startedAt: at, finishedAt: at, disposition: 'undelivered',
    });
  };
}
