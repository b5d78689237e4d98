import { z } from 'zod';

const Identified = z.looseObject({ id: z.int() });
const Event = z.looseObject({
  chat: Identified.optional(),
  from: Identified.optional(),
  user: Identified.optional(),
  message: z.looseObject({ chat: Identified }).optional(),
});

/**
 * Whether something may be paid is asked beside the chat, not behind its readings: Telegram waits ten seconds. Users' ids
 * have at most 52 bits, and chats' own negative ids are far above this, so that these orders meet no other.
 */
export const CHECKOUT_ORDER = -(2 ** 52);

/** The order of a user's questions about payments. */
export function checkoutOrderOf(telegramUserId: number): number {
  return CHECKOUT_ORDER - telegramUserId;
}

/**
 * The chat whose order an update belongs to: its chat, else the chat of the message under a pressed button, else the
 * private chat of its user (which has the user's id), else 0: all of those are worked on one after the other. A question
 * about a payment has an order of its own for each user.
 */
export function chatOfUpdate(update: object): number {
  for (const [kind, value] of Object.entries(update)) {
    const event = Event.safeParse(value);
    if (!event.success) continue;
    const { chat, message, from, user } = event.data;
    const id = chat?.id ?? message?.chat.id ?? from?.id ?? user?.id;
    if (id !== undefined) return kind === 'pre_checkout_query' ? checkoutOrderOf(id) : id;
  }
  return 0;
}
