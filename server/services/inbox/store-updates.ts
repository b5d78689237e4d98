import type { Executor } from '#db/client.ts';
import { inbox } from '#db/schema/index.ts';
import { chatOfUpdate } from './chat-of-update.ts';
import type { StoredUpdate } from './types.ts';

/** JSON escapes that `jsonb` may refuse: NUL, and halves of surrogate pairs. */
const REFUSABLE_ESCAPES = /\\u(?:0000|d[89a-f])/i;
/** Any escape, found one after the other, so that an escaped backslash is not taken for the beginning of one. */
const ESCAPES = /\\(?:u[\da-f]{4}|.)/gi;

/**
 * Stores updates before any work on them, one statement for the batch; those that are stored already stay as they are.
 * Returns how many were new.
 */
export async function storeUpdates(db: Executor, updates: readonly StoredUpdate[], receivedAt: Date): Promise<number> {
  if (updates.length === 0) return 0;
  // In one order everywhere: two statements that store the same updates crosswise would wait for each other.
  const ordered = [...updates].sort((a, b) => a.update_id - b.update_id);
  const rows = ordered.map((update) => ({
    updateId: update.update_id,
    chatId: chatOfUpdate(update),
    payload: storable(update),
    availableAt: receivedAt,
    receivedAt,
  }));
  const stored = await db.insert(inbox).values(rows).onConflictDoNothing().returning({ updateId: inbox.updateId });
  return stored.length;
}

/** One update with a character that Postgres refuses must not block the intake of all others. */
function storable(update: StoredUpdate): StoredUpdate {
  const text = JSON.stringify(update);
  return REFUSABLE_ESCAPES.test(text) ? JSON.parse(text.replaceAll(ESCAPES, cleanEscape)) : update;
}

/** Whole pairs stand in JSON unescaped: what is escaped is a half without its other. */
function cleanEscape(escape: string): string {
  if (!REFUSABLE_ESCAPES.test(escape)) return escape;
  return escape === '\\u0000' ? '' : '\ufffd';
}
