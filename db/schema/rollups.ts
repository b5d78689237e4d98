import { sql } from 'drizzle-orm';
import { bigint, customType, index, integer, pgTable, primaryKey, smallint, text } from 'drizzle-orm/pg-core';
import { instant, usd } from './columns.ts';

/*
 * What reports read instead of raw rows: sums for each five minutes (level 0), hour (1), and day (2) and week (3) of the reporting
 * time zone. Written by `fold_rollups` and `rebuild_rollups` alone, under one lock. Partitioned by level (the clauses stand in the
 * migration), so that what is read together lies together. An empty text is "none": keys hold no nulls.
 */

const level = () => smallint('level').notNull();
/** Of an hour or five minutes the instant; of a day its local date, of a week that of its Monday, as midnight UTC. */
const startsAt = () => instant('starts_at').notNull();
const count = (name: string) => bigint(name, { mode: 'number' }).notNull().default(0);
const amount = (name: string) => usd(name).notNull().default('0');

/** Users as a bit each: user id = chunk × 32,768 + place. */
const userBits = customType<{ data: string }>({ dataType: () => 'bit(32768)' });

/** Attempts at generations, by the time at which they started. */
export const ledgerRollups = pgTable(
  'ledger_rollups',
  {
    level: level(),
    startsAt: startsAt(),
    operation: text('operation').notNull(),
    model: text('model').notNull(),
    /** The model that answered, where it is another one than was asked for. */
    servedModel: text('served_model').notNull(),
    plan: text('plan').notNull(),
    status: text('status').notNull(),
    costSource: text('cost_source').notNull(),
    disposition: text('disposition').notNull(),
    errorType: text('error_type').notNull(),
    /** 1 where a user caused them, else 0. */
    isAttributed: smallint('is_attributed').notNull(),
    attemptCount: count('attempt_count'),
    costUsd: amount('cost_usd'),
    promptTokens: count('prompt_tokens'),
    completionTokens: count('completion_tokens'),
    cachedPromptTokens: count('cached_prompt_tokens'),
    reasoningTokens: count('reasoning_tokens'),
  },
  (table) => [
    primaryKey({
      columns: [
        table.level, table.startsAt, table.operation, table.model, table.servedModel, table.plan, table.status, table.costSource, table.disposition, table.errorType,
        table.isAttributed,
      ],
    }),
    // What came to nothing (an attempt that was reserved and is settled now) is found and deleted by this.
    index('ledger_rollups_empty_idx')
      .on(table.startsAt)
      .where(sql`attempt_count = 0 and cost_usd = 0 and prompt_tokens = 0 and completion_tokens = 0 and cached_prompt_tokens = 0 and reasoning_tokens = 0`),
  ],
);

/** What the overview asks of the ledger, added up further: a row per operation. */
export const ledgerTotals = pgTable(
  'ledger_totals',
  {
    level: level(),
    startsAt: startsAt(),
    operation: text('operation').notNull(),
    totalUsd: amount('total_usd'),
    billedUsd: amount('billed_usd'),
    lookupUsd: amount('lookup_usd'),
    estimatedUsd: amount('estimated_usd'),
    /** Of it, what users caused. */
    attributedUsd: amount('attributed_usd'),
    totalCount: count('total_count'),
    settledCount: count('settled_count'),
    voidCount: count('void_count'),
    reservedCount: count('reserved_count'),
    unknownCount: count('unknown_count'),
    failedCount: count('failed_count'),
    promptTokens: count('prompt_tokens'),
    completionTokens: count('completion_tokens'),
    cachedPromptTokens: count('cached_prompt_tokens'),
    reasoningTokens: count('reasoning_tokens'),
  },
  (table) => [primaryKey({ columns: [table.level, table.startsAt, table.operation] })],
);

/** Handled updates. */
export const interactionRollups = pgTable(
  'interaction_rollups',
  {
    level: level(),
    startsAt: startsAt(),
    handler: text('handler').notNull(),
    operation: text('operation').notNull(),
    outcome: text('outcome').notNull(),
    errorType: text('error_type').notNull(),
    readingSource: text('reading_source').notNull(),
    interactionCount: count('interaction_count'),
    durationMs: count('duration_ms'),
  },
  (table) => [primaryKey({ columns: [table.level, table.startsAt, table.handler, table.operation, table.outcome, table.errorType, table.readingSource] })],
);

/** What users of one source cost and brought in: sign-ups at their time, attempts when started, payments when paid, refunds when refunded. */
export const acquisitionRollups = pgTable(
  'acquisition_rollups',
  {
    level: level(),
    startsAt: startsAt(),
    /** Empty for attempts that no user caused. */
    source: text('source').notNull(),
    plan: text('plan').notNull(),
    signupCount: count('signup_count'),
    attemptCount: count('attempt_count'),
    costUsd: amount('cost_usd'),
    paymentCount: count('payment_count'),
    paymentStars: count('payment_stars'),
    paymentUsd: amount('payment_usd'),
    refundCount: count('refund_count'),
    refundStars: count('refund_stars'),
    refundUsd: amount('refund_usd'),
  },
  (table) => [primaryKey({ columns: [table.level, table.startsAt, table.source, table.plan] })],
);

/** Durations as counts per bin (`latency_bin` in the migration). Empty keys: all together. */
export const latencyRollups = pgTable(
  'latency_rollups',
  {
    level: level(),
    startsAt: startsAt(),
    family: text('family', { enum: ['generation', 'interaction', 'update_age', 'http', 'job'] }).notNull(),
    /** Operation, handler, or kind of job. */
    keyA: text('key_a').notNull(),
    /** Model, or name of a job. */
    keyB: text('key_b').notNull(),
    bins: smallint('bins').array().notNull(),
    counts: bigint('counts', { mode: 'number' }).array().notNull(),
  },
  (table) => [primaryKey({ columns: [table.level, table.family, table.startsAt, table.keyA, table.keyB] })],
);

/** Sets of users: who was active, who was new, who met an error (by handler and error type). Hours are split by kind as well, so that active ones are kept unpacked. */
export const userSets = pgTable(
  'user_sets',
  {
    level: level(),
    startsAt: startsAt(),
    kind: text('kind', { enum: ['active', 'new', 'failed'] }).notNull(),
    /** Of `failed`: handler and error type with a slash between. */
    key: text('key').notNull(),
    chunk: integer('chunk').notNull(),
    users: userBits('users').notNull(),
  },
  (table) => [primaryKey({ columns: [table.level, table.kind, table.startsAt, table.key, table.chunk] })],
);

/** Cost that users caused who have ever paid; others are not worth a row. The key's index holds the amount, too. */
export const payerCosts = pgTable(
  'payer_costs',
  {
    level: level(),
    startsAt: startsAt(),
    userId: bigint('user_id', { mode: 'number' }).notNull(),
    costUsd: amount('cost_usd'),
  },
  (table) => [primaryKey({ columns: [table.level, table.startsAt, table.userId] })],
);

/** Who has ever paid, and whether the cost from before that is in `payer_costs` already. */
export const payers = pgTable(
  'payers',
  {
    userId: bigint('user_id', { mode: 'number' }).primaryKey(),
    foldedAt: instant('folded_at'),
  },
  // Nearly always nobody, and asked for by every reader.
  (table) => [index('payers_unfolded_idx').on(table.userId).where(sql`folded_at is null`)],
);

/** What each user cost on each UTC day. */
export const userDays = pgTable(
  'user_days',
  {
    /** Midnight UTC. */
    startsAt: startsAt(),
    userId: bigint('user_id', { mode: 'number' }).notNull(),
    attemptCount: count('attempt_count'),
    costUsd: amount('cost_usd'),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.startsAt] }),
    // The dearest users of a day.
    index('user_days_cost_idx').on(table.startsAt, table.costUsd.desc(), table.userId),
  ],
);

/** Runs of schedules and jobs, by their start. */
export const jobRollups = pgTable(
  'job_rollups',
  {
    level: level(),
    startsAt: startsAt(),
    kind: text('kind', { enum: ['schedule', 'job'] }).notNull(),
    name: text('name').notNull(),
    outcome: text('outcome').notNull(),
    runCount: count('run_count'),
    durationMs: count('duration_ms'),
  },
  (table) => [primaryKey({ columns: [table.level, table.startsAt, table.kind, table.name, table.outcome] })],
);

/** Requests to the web site, as each process tells them every few seconds. */
export const httpRollups = pgTable(
  'http_rollups',
  {
    level: level(),
    startsAt: startsAt(),
    handler: text('handler').notNull(),
    method: text('method').notNull(),
    status: text('status').notNull(),
    requestCount: count('request_count'),
  },
  (table) => [primaryKey({ columns: [table.level, table.startsAt, table.handler, table.method, table.status] })],
);

/** One row: what the days of the rollups are days of. */
export const rollupState = pgTable('rollup_state', {
  id: smallint('id').primaryKey().default(1),
  timeZone: text('time_zone').notNull().default('UTC'),
});

/** From when on a table has its raw rows; older ones were dropped, and only the rollups tell of them. */
export const rawHorizons = pgTable('raw_horizons', {
  tableName: text('table_name', { enum: ['interactions', 'ai_usage'] }).primaryKey(),
  keptFrom: instant('kept_from').notNull(),
});

/** Rebuilds of the rollups from raw rows, so that one that was cut off is taken up where it was. */
export const rollupRebuilds = pgTable('rollup_rebuilds', {
  id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
  startedAt: instant('started_at').notNull(),
  fromDay: instant('from_day').notNull(),
  toDay: instant('to_day').notNull(),
  doneUntil: instant('done_until').notNull(),
  finishedAt: instant('finished_at'),
});
