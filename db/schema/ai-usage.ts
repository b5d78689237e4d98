import { sql } from 'drizzle-orm';
import { bigint, boolean, check, index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { instant, usd } from './columns.ts';

/** The ledger: one attempt at a generation. Not partitioned: its unique keys are worth more. */
export const aiUsage = pgTable(
  'ai_usage',
  {
    /** UUIDv7, made before the call. */
    requestId: uuid('request_id').primaryKey(),
    /** The same for all attempts at one reading: retries and fallbacks are told together. */
    askId: uuid('ask_id').notNull().default(sql`gen_random_uuid()`),
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
    /** The most that this attempt could cost when it was reserved; what budgets count until the cost is known. Null where no price was known. */
    reservedUsd: usd('reserved_usd'),
    costSource: text('cost_source', { enum: ['billed', 'lookup', 'estimated', 'none'] }).notNull().default('none'),
    isByok: boolean('is_byok'),
    /** OpenRouter's id of the generation, `gen-…`. */
    generationId: text('generation_id').unique(),
    finishReason: text('finish_reason'),
    durationMs: integer('duration_ms'),
    /** From the call to the first piece of text; null where nothing was streamed. */
    timeToFirstTokenMs: integer('time_to_first_token_ms'),
    attempt: integer('attempt').notNull().default(1),
    disposition: text('disposition', { enum: ['delivered', 'rejected', 'superseded', 'undelivered'] }),
    errorType: text('error_type'),
    /** The update that asked for it, for tracing one message to its cost. */
    updateId: bigint('update_id', { mode: 'number' }),
    startedAt: instant('started_at').notNull(),
    finishedAt: instant('finished_at'),
    /** Of a reserved row: until then its process may still be at it. */
    leaseUntil: instant('lease_until'),
    /** When the provider is asked for the cost next; null when it need not be, or has been asked for long enough. */
    nextLookupAt: instant('next_lookup_at'),
    lookupCount: integer('lookup_count').notNull().default(0),
    /** The process that made the call; null for what was not called by a running one. */
    processId: integer('process_id'),
    /** Of a cost that became known only after the attempt had ended: when, and by which process. */
    resolvedAt: instant('resolved_at'),
    resolvedByProcessId: integer('resolved_by_process_id'),
    /** And what its tokens grew by then. */
    resolvedPromptTokens: integer('resolved_prompt_tokens'),
    resolvedCompletionTokens: integer('resolved_completion_tokens'),
    /** The log that the row was replayed from; null for our own calls. */
    importedFrom: text('imported_from'),
  },
  (table) => [
    // Cost of a range: attempts started in it.
    index('ai_usage_started_at_idx').on(table.startedAt),
    // The reconciler and the gauges of what is open.
    index('ai_usage_open_idx').on(table.status, table.startedAt).where(sql`status in ('reserved', 'unknown') and imported_from is null`),
    // Lookups that are due.
    index('ai_usage_next_lookup_at_idx').on(table.nextLookupAt).where(sql`next_lookup_at is not null`),
    // The attempts of one reading.
    index('ai_usage_ask_id_idx').on(table.askId),
    // Generations of one user, newest first.
    index('ai_usage_user_started_at_idx').on(table.userId, table.startedAt),
    // What became known of late, for the comparison with the counters.
    index('ai_usage_resolved_at_idx').on(table.resolvedAt).where(sql`resolved_at is not null`),
    // A settled row without a cost and a void row with one are both lies.
    check('ai_usage_settled_has_cost', sql`status <> 'settled' or (cost_usd is not null and cost_source <> 'none')`),
    check('ai_usage_open_has_no_cost', sql`status = 'settled' or cost_usd is null`),
    check('ai_usage_cost_not_negative', sql`cost_usd is null or cost_usd >= 0`),
  ],
);

export type AiUsage = typeof aiUsage.$inferSelect;
export type NewAiUsage = typeof aiUsage.$inferInsert;
