import type { StoredChat } from './chat-store.ts';
import { writeSnapshot } from './snapshot.ts';
import type { World } from './world.ts';

const INTERVAL_MS = 1_000;
/** Enough for a dialog to go on; the whole of many long chats would take too long to write. */
const MESSAGES_PER_CHAT_MAX = 30;
/** Chats beyond this, counted from the one that changed last, keep their last message only. */
const WHOLE_CHATS_MAX = 200;

/** Writes the world to a file within a second of a change. Gives the function that writes it a last time and ends. */
export function keepSnapshot(path: string, world: World): () => void {
  let written = '';
  const write = (): void => {
    const mark = JSON.stringify([world.chats.sequence, world.updates.nextUpdateId, world.updates.pendingCount, blockedCount(world)]);
    if (mark === written) return;
    const { updates, chats, payments } = world;
    writeSnapshot(path, {
      nextUpdateId: updates.nextUpdateId,
      nextMessageId: chats.nextMessageId,
      sequence: chats.sequence,
      chats: shorten(chats.list()),
      updates: [...updates.pending()],
      charges: [...payments.charges()],
    });
    written = mark;
  };
  const timer = setInterval(() => {
    try {
      write();
    } catch {
      // A full disk costs the memory of a restart, not the stand-in; the next change tries again.
      written = '';
    }
  }, INTERVAL_MS);
  return () => {
    clearInterval(timer);
    write();
  };
}

function shorten(chats: readonly StoredChat[]): StoredChat[] {
  const sequenceOf = (chat: StoredChat): number => Math.max(0, ...chat.messages.map(({ sequence }) => sequence));
  return chats
    .toSorted((left, right) => sequenceOf(right) - sequenceOf(left))
    .map((chat, index) => ({ ...chat, messages: chat.messages.slice(index < WHOLE_CHATS_MAX ? -MESSAGES_PER_CHAT_MAX : -1) }));
}

function blockedCount(world: World): number {
  return world.chats.list().filter((chat) => chat.isBlocked).length;
}
