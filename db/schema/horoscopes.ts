import { bigint, date, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core';
import { instant } from './columns.ts';

/** The horoscope of a sign, a day and a language; written once, read by everybody. */
export const horoscopes = pgTable(
  'horoscopes',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    sign: text('sign').notNull(),
    language: text('language').notNull(),
    date: date('date', { mode: 'string' }).notNull(),
    /** Null while somebody writes it. */
    text: text('text'),
    requestId: uuid('request_id'),
    /** Whoever inserted or took over the row writes the text until then; a killed writer's claim ends by itself. */
    claimedUntil: instant('claimed_until').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [unique('horoscopes_sign_language_date_key').on(table.sign, table.language, table.date)],
);

export type Horoscope = typeof horoscopes.$inferSelect;
