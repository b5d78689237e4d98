import { sql } from 'drizzle-orm';
import { bigint, boolean, check, index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { instant, usd } from './columns.ts';

/** The ledger: one attempt at a generation. Not partitioned: its unique keys are worth more. */
export const aiUsage = pgTable(
  'ai_usage',
  {
    /** UUIDv7, made before the call. */
    requestId: uuid('request_id').primaryKey(),
    userId: bigint('user_id', { mode: 'number' }),
    operation: text('operation').notNull(),
    /** What the user's plan was when the attempt started. */
    plan: text('plan', { enum: ['free', 'premium'] }).notNull(),
    /** As requested. */
    model: text('model').notNull(),
    /** As served; differs for aliases and fallbacks. */
    responseModel: text('response_model'),
    provider: text('provider'),
    status: text('status', { enum: ['reserved', 'settled', 'void', 'unknown'] }).notNull(),
    promptTokens: integer('prompt_tokens'),
    completionTokens: integer('completion_tokens'),
    /** Part of prompt tokens, never added on top. */
    cachedPromptTokens: integer('cached_prompt_tokens'),
    /** Part of completion tokens, never added on top. */
    reasoningTokens: integer('reasoning_tokens'),
    costUsd: usd('cost_usd'),
    costSource: text('cost_source', { enum: ['billed', 'lookup', 'estimated', 'none'] }).notNull().default('none'),
    isByok: boolean('is_byok'),
    /** OpenRouter's id of the generation, `gen-…`. */
    generationId: text('generation_id').unique(),
    finishReason: text('finish_reason'),
    durationMs: integer('duration_ms'),
    attempt: integer('attempt').notNull().default(1),
    disposition: text('disposition', { enum: ['delivered', 'rejected', 'superseded', 'undelivered'] }),
    errorType: text('error_type'),
    /** The update that asked for it, for tracing one message to its cost. */
    updateId: bigint('update_id', { mode: 'number' }),
    startedAt: instant('started_at').notNull(),
    finishedAt: instant('finished_at'),
  },
  (table) => [
    // Cost of a range: attempts started in it.
    index('ai_usage_started_at_idx').on(table.startedAt),
    // The reconciler and the gauges of what is open.
    index('ai_usage_open_idx').on(table.status, table.startedAt).where(sql`status in ('reserved', 'unknown')`),
    // A settled row without a cost and a void row with one are both lies.
    check('ai_usage_settled_has_cost', sql`status <> 'settled' or (cost_usd is not null and cost_source <> 'none')`),
    check('ai_usage_open_has_no_cost', sql`status = 'settled' or cost_usd is null`),
    check('ai_usage_cost_not_negative', sql`cost_usd is null or cost_usd >= 0`),
  ],
);

export type AiUsage = typeof aiUsage.$inferSelect;
export type NewAiUsage = typeof aiUsage.$inferInsert;
