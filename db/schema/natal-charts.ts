import { bigint, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { instant } from './columns.ts';

/** A natal chart of a user's birth data, and its interpretation. */
export const natalCharts = pgTable(
  'natal_charts',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    userId: bigint('user_id', { mode: 'number' }).notNull(),
    /** Hash of date, time, place and language: the same birth data gives the same chart without a new call. */
    birthDataHash: text('birth_data_hash').notNull(),
    language: text('language').notNull(),
    positions: jsonb('positions').notNull(),
    /** Null until a model has answered. */
    text: text('text'),
    requestId: uuid('request_id'),
    createdAt: instant('created_at').notNull(),
    deliveredAt: instant('delivered_at'),
  },
  (table) => [uniqueIndex('natal_charts_user_hash_key').on(table.userId, table.birthDataHash)],
);

export type NatalChart = typeof natalCharts.$inferSelect;
