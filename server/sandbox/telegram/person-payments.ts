import { AppError, invariant } from '#server/errors.ts';
import type { StoredChat } from './chat-store.ts';
import type { PayInvoiceInput, RefundInput } from './control-schemas.ts';
import { openUnblocked } from './person-actions.ts';
import { STARS, type Charge, type StoredPayment } from './star-payments.ts';
import { viewCheckout } from './view-checkout.ts';
import { toMessage, toUser, type World } from './world.ts';

/** A person presses Pay. Throws `AppError`: `not_found` when the bot sent no such invoice, `conflict` when it is paid or being paid. */
export function payInvoice(world: World, { chatId, from, messageId }: PayInvoiceInput): { updateId: number } {
  const chat = openUnblocked(world, chatId, from);
  const message = world.chats.findMessage(chatId, messageId);
  const invoice = message?.invoice;
  if (!message || !invoice) throw new AppError('not_found', 'There is no such invoice of the bot.');
  const { status } = viewCheckout(world, message);
  if (status === 'paid' || status === 'checking') throw new AppError('conflict', 'This invoice is paid or being paid.');
  const queryId = world.payments.ask({ chatId, messageId }, () => {
    world.chats.setCheckout(message, { status: 'timed_out', queryId: null, errorMessage: null });
  });
  world.chats.setCheckout(message, { status: 'checking', queryId, errorMessage: null });
  const query = { id: queryId, from: toUser(chat.person), currency: STARS, total_amount: invoice.totalAmount, invoice_payload: invoice.payload };
  return { updateId: world.updates.push({ pre_checkout_query: query }) };
}

/** The bot has said whether the invoice may be paid: with no error message the Stars are paid, and the bot is told. */
export function endCheckout(world: World, { chatId, messageId }: { chatId: number; messageId: number }, errorMessage: string | null): void {
  const chat = world.chats.find(chatId);
  const message = world.chats.findMessage(chatId, messageId);
  if (!chat || !message?.invoice) return;
  world.chats.setCheckout(message, { status: errorMessage === null ? 'paid' : 'refused', queryId: null, errorMessage });
  if (errorMessage !== null) return;
  const { payload, totalAmount } = message.invoice;
  const charge = world.payments.charge({ userId: chat.person.id, payload, totalAmount });
  tellOf(world, chat, { kind: 'paid', chargeId: charge.chargeId, payload, totalAmount });
}

/** Stars are returned without the bot having asked for it. Throws `AppError` like `refundStarPayment` refuses. */
export function refundCharge(world: World, { chatId, chargeId }: RefundInput): { updateId: number } {
  const charge = world.payments.find(chargeId);
  if (charge?.userId !== chatId) throw new AppError('not_found', 'There is no such charge.');
  if (charge.isRefunded) throw new AppError('conflict', 'This charge is refunded already.');
  return refund(world, charge);
}

/** Returns the Stars of a charge and tells the bot. */
export function refund(world: World, charge: Charge): { updateId: number } {
  const chat = world.chats.find(charge.userId);
  invariant(chat, 'who paid has a chat');
  world.payments.markRefunded(charge);
  const { chargeId, payload, totalAmount } = charge;
  return { updateId: tellOf(world, chat, { kind: 'refunded', chargeId, payload, totalAmount }) };
}

function tellOf(world: World, chat: StoredChat, payment: StoredPayment): number {
  const stored = world.chats.add(chat, { from: 'user', text: '', entities: [], replyMarkup: null, replyToMessageId: null, payment });
  return world.updates.push({ message: toMessage(world, chat, stored) });
}
