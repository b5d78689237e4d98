import Big from 'big.js';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { LlmClientOptions } from '#server/ai/create-llm-client.ts';
import { createMetrics } from '#server/metrics/create-metrics.ts';
import { FAULT_MODES, type FaultMode } from '#server/sandbox/openrouter/fault-queue.ts';
import { lookUpCosts } from '#server/services/generations/look-up-costs.ts';
import { startBotRig, type BotRig, type BotRuntime } from '#tests/support/bot.ts';
import { BEN } from '#tests/support/telegram.ts';

/*
 * Whatever OpenRouter does, the user is answered and the books are right: every fault of the stand-in, through the whole bot.
 */
let rig: BotRig;
let runtime: BotRuntime | null = null;
beforeAll(async () => {
  rig = await startBotRig({ isStopped: true });
});
afterEach(async () => {
  await runtime?.stop();
  await rig.openRouter.clearFaults();
});
afterAll(() => rig.close());

/** What ends the wait for an answer that never comes; where one comes, however slowly, nothing is cut short. */
const IMPATIENCE: Partial<Record<FaultMode, Partial<LlmClientOptions>>> = {
  hang_before_headers: { firstByteTimeoutMs: 700 },
  stall_after_headers: { idleTimeoutMs: 700 },
  bill_then_hang: { idleTimeoutMs: 700 },
};

/** A bot with breakers of its own, in place of the one before. */
async function startBot(limits: Partial<LlmClientOptions> = {}): Promise<void> {
  await runtime?.stop();
  runtime = rig.createRuntime({ llm: rig.openRouter.client({ timeoutMs: 5_000, attemptsMax: 2, ...limits }) });
  runtime.start();
}

async function askUnder(fault: { readonly mode: FaultMode; readonly times?: number; readonly retryAfterSeconds?: number; readonly delayMs?: number }) {
  await startBot(IMPATIENCE[fault.mode]);
  const { sql } = rig.database.handle;
  const [before] = await sql`select count(*)::int as interactions, (select coalesce(max(started_at), 'epoch') from ai_usage)::text as last from interactions`;
  const journalBefore = (await rig.openRouter.journal()).entries.length;
  await rig.openRouter.addFault(fault);
  const replies = await rig.ask(BEN, '/tarot Shall I move?');
  const rows = await sql`select status, cost_usd, cost_source, error_type, prompt_tokens, completion_tokens, generation_id from ai_usage where started_at > ${String(before?.['last'])}::timestamptz order by started_at`;
  const interactions = await sql`select outcome, error_type from interactions order by id desc limit ${1}`;
  const [after] = await sql`select count(*)::int as interactions from interactions`;
  expect(Number(after?.['interactions'])).toBe(Number(before?.['interactions']) + 1);
  return { replies, rows, interaction: interactions[0], journalBefore };
}

/** Looks up all that is open and due at once. */
async function lookUpAll(): Promise<void> {
  const { sql } = rig.database.handle;
  const llm = rig.openRouter.client();
  for (let round = 0; round < 20; round += 1) {
    await sql`update ai_usage set next_lookup_at = 'epoch' where next_lookup_at is not null`;
    if ((await lookUpCosts({ ...rig.generations, llm, onCostResolved: () => undefined })) === 0) return;
  }
}

async function expectBooksMatch(journalBefore: number): Promise<void> {
  const { sql } = rig.database.handle;
  for (const entry of (await rig.openRouter.journal(journalBefore)).entries) {
    if (entry.outcome !== 'billed') continue;
    const rows = await sql`select status, cost_usd from ai_usage where generation_id = ${entry.generationId}`;
    expect(rows).toHaveLength(1);
    expect(rows[0]?.['status']).toBe('settled');
    expect(new Big(String(rows[0]?.['cost_usd'])).eq(entry.costUsd)).toBe(true);
  }
}

async function expectCleanMetrics(): Promise<void> {
  const metrics = createMetrics({ version: '1', commit: 'unknown', nodeVersion: 'v24', models: ['openai/gpt-4o-mini'], schedules: [] });
  for (const generation of rig.finishedGenerations) metrics.ai.recordGeneration(generation);
  expect((await metrics.render(null)).body.split('\n').filter((line) => line.startsWith('adtrobot_ai') && /NaN|Infinity$/.test(line))).toEqual([]);
}

test.each(FAULT_MODES)('%s, again and again: the user is answered, every attempt is a right row, and look-ups settle what was billed', async (mode) => {
  const { replies, rows, interaction, journalBefore } = await askUnder({ mode, times: 9, ...(mode === 'slow' ? { delayMs: 100 } : {}) });
  expect(replies.length).toBeGreaterThan(0);
  expect(rows.length).toBeGreaterThan(0);
  const isAnswered = interaction?.['outcome'] === 'ok';
  expect(replies.at(-1)?.text.includes("I'm sorry")).toBe(!isAnswered);
  for (const row of rows) {
    const isSettled = row['status'] === 'settled';
    expect(['settled', 'void', 'unknown']).toContain(row['status']);
    expect(row['cost_usd'] === null).toBe(!isSettled);
    expect(row['cost_source'] === 'none').toBe(!isSettled);
    if (isSettled) expect(Number(row['cost_usd'])).toBeLessThan(1);
    for (const key of ['prompt_tokens', 'completion_tokens']) if (row[key] !== null) expect(Number(row[key])).toBeLessThan(100_000);
  }
  await lookUpAll();
  await expectBooksMatch(journalBefore);
  await expectCleanMetrics();
});

test.each(FAULT_MODES.filter((mode) => !['401', '402', 'slow'].includes(mode)))('%s once: the next attempt or the button brings the reading', async (mode) => {
  const { replies, interaction } = await askUnder({ mode });
  if (interaction?.['outcome'] === 'ok') return;
  const [apology] = replies;
  if (!apology) throw new Error('silence');
  if (IMPATIENCE[mode]) await startBot();
  const [reading] = await rig.press(BEN, apology, /^retry:spread:\d+$/);
  expect(reading?.text).toContain('Three cards');
});

test.each([0, 1])('429 with Retry-After %s is waited for, not hammered', async (retryAfterSeconds) => {
  const startedAt = performance.now();
  const { rows, interaction } = await askUnder({ mode: '429', retryAfterSeconds });
  expect(interaction?.['outcome']).toBe('ok');
  expect(rows.map((row) => row['error_type'])).toEqual(['rate_limited', null]);
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(retryAfterSeconds * 1_000);
});
