import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Update } from 'grammy/types';
import { z } from 'zod';
import { StoredChat } from './chat-store.ts';
import { Charge } from './star-payments.ts';

const PendingUpdate = z.custom<Update>((value) => z.looseObject({ update_id: z.int() }).safeParse(value).success);

/** What outlives a restart, as Telegram's own memory does: people keep their chats, and updates wait for the bot. */
export const Snapshot = z.object({
  nextUpdateId: z.int(),
  nextMessageId: z.int(),
  sequence: z.int(),
  chats: z.array(StoredChat),
  updates: z.array(PendingUpdate),
  charges: z.array(Charge).optional(),
});
export type Snapshot = z.infer<typeof Snapshot>;

/** The last snapshot, or null when there is none that can be read. */
export function findSnapshot(path: string): Snapshot | null {
  try {
    return Snapshot.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
}

/** Writes a snapshot whole or not at all. */
export function writeSnapshot(path: string, snapshot: Snapshot): void {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.new`;
  writeFileSync(draft, JSON.stringify(snapshot));
  renameSync(draft, path);
}
