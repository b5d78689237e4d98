import { sql } from 'drizzle-orm';
import { bigint, date, index, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { instant } from './columns.ts';

export interface DrawnCard {
  readonly cardId: string;
  readonly isReversed: boolean;
}

/** Cards drawn for a user, and what the model read in them. Drawn once: a retry reads the same cards. */
export const tarotSpreads = pgTable(
  'tarot_spreads',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    userId: bigint('user_id', { mode: 'number' }).notNull(),
    kind: text('kind', { enum: ['card_of_day', 'three_cards'] }).notNull(),
    /** The day of a card of the day, in the reporting time zone. */
    date: date('date', { mode: 'string' }).notNull(),
    /** The update that asked for three cards; a re-delivered update finds its spread again. */
    updateId: bigint('update_id', { mode: 'number' }),
    question: text('question'),
    cards: jsonb('cards').$type<readonly DrawnCard[]>().notNull(),
    language: text('language').notNull(),
    /** Null until a model has answered. */
    text: text('text'),
    requestId: uuid('request_id'),
    createdAt: instant('created_at').notNull(),
    deliveredAt: instant('delivered_at'),
  },
  (table) => [
    // One card of the day for a user and a day.
    uniqueIndex('tarot_spreads_card_of_day_key').on(table.userId, table.date).where(sql`kind = 'card_of_day'`),
    // What was written of a card before, while nothing new may be.
    index('tarot_spreads_card_text_idx').on(table.cards, table.language, table.createdAt).where(sql`kind = 'card_of_day' and text is not null`),
    // One spread for an update.
    uniqueIndex('tarot_spreads_update_id_key').on(table.updateId).where(sql`kind = 'three_cards'`),
  ],
);

export type TarotSpread = typeof tarotSpreads.$inferSelect;
export type NewTarotSpread = typeof tarotSpreads.$inferInsert;
