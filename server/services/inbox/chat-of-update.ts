import { z } from 'zod';

const Identified = z.looseObject({ id: z.int() });
const Event = z.looseObject({
  chat: Identified.optional(),
  from: Identified.optional(),
  user: Identified.optional(),
  message: z.looseObject({ chat: Identified }).optional(),
});

/**
 * The chat whose order an update belongs to: its chat, else the chat of the message under a pressed button, else the
 * private chat of its user (which has the user's id), else 0: all of those are worked on one after the other.
 */
export function chatOfUpdate(update: object): number {
  for (const value of Object.values(update)) {
    const event = Event.safeParse(value);
    if (!event.success) continue;
    const { chat, message, from, user } = event.data;
    const id = chat?.id ?? message?.chat.id ?? from?.id ?? user?.id;
    if (id !== undefined) return id;
  }
  return 0;
}
