import { bigint, integer, pgTable, smallint, text } from 'drizzle-orm/pg-core';
import { instant, usd } from './columns.ts';

/*
 * What has changed in raw rows and is not in the rollups yet: written by triggers in the transaction of the change, so reports
 * that add them to the rollups are never behind. Only ever appended to, so writers do not wait for one another. `weight` is 1
 * for what a row is and -1 for what it was. Without an index: what is in here is read as a whole, and seldom long.
 */

const weight = () => smallint('weight').notNull().default(1);
const at = () => instant('at').notNull();

export const ledgerDeltas = pgTable('ledger_deltas', {
  at: at(),
  weight: weight(),
  userId: bigint('user_id', { mode: 'number' }),
  operation: text('operation').notNull(),
  model: text('model').notNull(),
  responseModel: text('response_model'),
  plan: text('plan').notNull(),
  status: text('status').notNull(),
  costSource: text('cost_source').notNull(),
  disposition: text('disposition'),
  errorType: text('error_type'),
  costUsd: usd('cost_usd'),
  promptTokens: integer('prompt_tokens'),
  completionTokens: integer('completion_tokens'),
  cachedPromptTokens: integer('cached_prompt_tokens'),
  reasoningTokens: integer('reasoning_tokens'),
  durationMs: integer('duration_ms'),
});

export const interactionDeltas = pgTable('interaction_deltas', {
  at: at(),
  userId: bigint('user_id', { mode: 'number' }).notNull(),
  handler: text('handler').notNull(),
  operation: text('operation'),
  outcome: text('outcome').notNull(),
  errorType: text('error_type'),
  readingSource: text('reading_source'),
  durationMs: integer('duration_ms').notNull(),
  updateAgeMs: integer('update_age_ms').notNull(),
});

/** New users, payments and refunds. */
export const acquisitionDeltas = pgTable('acquisition_deltas', {
  at: at(),
  weight: weight(),
  kind: text('kind', { enum: ['signup', 'payment', 'refund'] }).notNull(),
  userId: bigint('user_id', { mode: 'number' }).notNull(),
  source: text('source').notNull(),
  plan: text('plan').notNull(),
  stars: integer('stars').notNull().default(0),
  usd: usd('usd').notNull().default('0'),
});

export const jobDeltas = pgTable('job_deltas', {
  at: at(),
  weight: weight(),
  kind: text('kind', { enum: ['schedule', 'job'] }).notNull(),
  name: text('name').notNull(),
  outcome: text('outcome').notNull(),
  durationMs: integer('duration_ms'),
});

/** Requests of a few seconds, with their durations as counts per bin. */
export const httpDeltas = pgTable('http_deltas', {
  at: at(),
  handler: text('handler').notNull(),
  method: text('method').notNull(),
  status: text('status').notNull(),
  requestCount: integer('request_count').notNull(),
  bins: smallint('bins').array().notNull(),
  counts: bigint('counts', { mode: 'number' }).array().notNull(),
});
