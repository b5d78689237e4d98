import { bigint, boolean, date, doublePrecision, index, jsonb, pgTable, smallint, text, time } from 'drizzle-orm/pg-core';
import { instant } from './columns.ts';

/** What the bot is waiting for from a user; kept here so that a restart loses no dialog. */
export interface Dialog {
  readonly step: string;
  readonly data?: Readonly<Record<string, string>>;
}

/** A Telegram user. `id` is ours; `telegramUserId` is never a key elsewhere. */
export const users = pgTable(
  'users',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    telegramUserId: bigint('telegram_user_id', { mode: 'number' }).notNull().unique(),
    language: text('language', { enum: ['en', 'ru'] }).notNull(),
    zodiacSign: text('zodiac_sign'),
    birthDate: date('birth_date', { mode: 'string' }),
    birthTime: time('birth_time'),
    /** The user said that the time is unknown; null birth time and false here means "not asked yet". */
    isBirthTimeUnknown: boolean('is_birth_time_unknown').notNull().default(false),
    birthPlace: text('birth_place'),
    birthLatitude: doublePrecision('birth_latitude'),
    birthLongitude: doublePrecision('birth_longitude'),
    birthTimeZone: text('birth_time_zone'),
    timeZone: text('time_zone'),
    notificationHour: smallint('notification_hour'),
    premiumUntil: instant('premium_until'),
    /** Where the user came from: the payload of /start, else `direct`. */
    source: text('source').notNull().default('direct'),
    dialog: jsonb('dialog').$type<Dialog>(),
    createdAt: instant('created_at').notNull(),
    lastActiveAt: instant('last_active_at').notNull(),
    blockedAt: instant('blocked_at'),
    /** The user had their data deleted: what is left is an id on which totals key, and leads to nobody. */
    deletedAt: instant('deleted_at'),
  },
  (table) => [
    // New users of a range, by day.
    index('users_created_at_idx').on(table.createdAt),
  ],
);

export type User = typeof users.$inferSelect;
export type NewUser = typeof users.$inferInsert;
