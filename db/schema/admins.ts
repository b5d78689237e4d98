import { bigint, index, pgTable, text } from 'drizzle-orm/pg-core';
import { instant } from './columns.ts';

/** People who may log in to the site. There is no default one. */
export const admins = pgTable('admins', {
  id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  /** Lower-cased. */
  email: text('email').notNull().unique(),
  /** argon2id, parameters inside. */
  passwordHash: text('password_hash').notNull(),
  role: text('role', { enum: ['owner', 'operator', 'viewer'] }).notNull(),
  createdAt: instant('created_at').notNull(),
  disabledAt: instant('disabled_at'),
});

/** A login session; the token itself is only in the cookie. */
export const sessions = pgTable(
  'sessions',
  {
    /** HMAC-SHA-256 of the token under the secret of the installation, hex. */
    tokenHash: text('token_hash').primaryKey(),
    adminId: bigint('admin_id', { mode: 'number' })
      .notNull()
      .references(() => admins.id, { onDelete: 'cascade' }),
    createdAt: instant('created_at').notNull(),
    lastSeenAt: instant('last_seen_at').notNull(),
    /** Absolute end; the idle limit is checked against `lastSeenAt`. */
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [
    // Clean-up of what has expired.
    index('sessions_expires_at_idx').on(table.expiresAt),
  ],
);

/** One-time codes that make the first owner. */
export const setupCodes = pgTable('setup_codes', {
  /** HMAC-SHA-256 of the code under the secret of the installation, hex. */
  codeHash: text('code_hash').primaryKey(),
  createdAt: instant('created_at').notNull(),
  expiresAt: instant('expires_at').notNull(),
  usedAt: instant('used_at'),
});

/** Attempts to log in, for the throttle that all replicas share. */
export const loginAttempts = pgTable(
  'login_attempts',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    /** SHA-256 of the lower-cased e-mail or of the client address, with its kind in front. */
    subject: text('subject').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    // Failures of a subject within the window.
    index('login_attempts_subject_at_idx').on(table.subject, table.at),
  ],
);

export type Admin = typeof admins.$inferSelect;
export type Session = typeof sessions.$inferSelect;
