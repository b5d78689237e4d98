import type { BotCommand, Chat, Message, Update, User } from 'grammy/types';
import { CallbackQueries } from './callback-queries.ts';
import { ChatStore, type StoredChat, type StoredMessage } from './chat-store.ts';
import type { Person } from './control-schemas.ts';
import { inlineKeyboardOf } from './reply-markup.ts';
import type { Snapshot } from './snapshot.ts';
import { STARS, StarPayments } from './star-payments.ts';
import { UpdateQueue } from './update-queue.ts';
import { WebhookState } from './webhook-state.ts';

/** What Telegram knows about one bot: its chats, the updates it has not confirmed, its commands, its webhook. */
export interface World {
  readonly bot: User & { is_bot: true; username: string };
  readonly chats: ChatStore;
  readonly updates: UpdateQueue;
  readonly callbacks: CallbackQueries;
  readonly payments: StarPayments;
  /** Command lists by scope and language. */
  readonly commands: Map<string, readonly BotCommand[]>;
  readonly webhook: WebhookState;
}

const BOT_NAME = 'AdtroBot';
const BOT_USERNAME = 'adtro_sandbox_bot';
/** Message ids count from a late date, so that they stay 32-bit numbers and a restart without memory never reuses one. */
const MESSAGE_ID_EPOCH_SECONDS = 1_750_000_000;

/**
 * A world as last remembered, or a new one. Ids go on from the current time or from memory, whichever is later, so
 * none is ever issued twice.
 */
export function createWorld(token: string, snapshot: Snapshot | null, nowMs: () => number): World {
  const nowSeconds = Math.floor(nowMs() / 1000);
  return {
    bot: { id: Number(token.split(':')[0]), is_bot: true, first_name: BOT_NAME, username: BOT_USERNAME },
    chats: new ChatStore(
      {
        nextMessageId: Math.max(snapshot?.nextMessageId ?? 1, nowSeconds - MESSAGE_ID_EPOCH_SECONDS),
        sequence: Math.max(snapshot?.sequence ?? 0, nowSeconds),
        chats: snapshot?.chats ?? [],
      },
      nowMs,
    ),
    updates: new UpdateQueue(Math.max(snapshot?.nextUpdateId ?? 1, nowSeconds), snapshot?.updates ?? []),
    callbacks: new CallbackQueries(nowMs),
    payments: new StarPayments(snapshot?.charges ?? []),
    commands: new Map(),
    webhook: new WebhookState(),
  };
}

/** A person as a Telegram user. */
export function toUser(person: Person): User {
  const user: User = { id: person.id, is_bot: false, first_name: person.firstName };
  if (person.languageCode !== undefined) user.language_code = person.languageCode;
  return user;
}

/** A message of a private chat. */
export type PrivateMessage = Message & { chat: Chat.PrivateChat; from: User };

/** A stored message as the Bot API shows it. */
export function toMessage(world: World, chat: StoredChat, stored: StoredMessage): PrivateMessage {
  const message = withoutReply(world, chat, stored);
  const replied = stored.replyToMessageId === null ? null : world.chats.findMessage(chat.id, stored.replyToMessageId);
  return replied ? { ...message, reply_to_message: { ...withoutReply(world, chat, replied), reply_to_message: undefined } } : message;
}

function withoutReply(world: World, chat: StoredChat, stored: StoredMessage): PrivateMessage {
  const keyboard = inlineKeyboardOf(stored.replyMarkup);
  return {
    message_id: stored.messageId,
    from: stored.from === 'bot' ? world.bot : toUser(chat.person),
    chat: { id: chat.id, type: 'private', first_name: chat.person.firstName },
    date: Math.floor(stored.sentAtMs / 1000),
    ...(stored.editedAtMs === null ? {} : { edit_date: Math.floor(stored.editedAtMs / 1000) }),
    ...contentOf(stored),
    ...(keyboard ? { reply_markup: keyboard } : {}),
  };
}

/** What a message is: an invoice, news of a payment, or a text. */
function contentOf({ text, entities, invoice, payment }: StoredMessage): Pick<Message, 'text' | 'entities' | 'invoice' | 'successful_payment' | 'refunded_payment'> {
  if (invoice) {
    const { title, description, startParameter, totalAmount } = invoice;
    return { invoice: { title, description, start_parameter: startParameter, currency: STARS, total_amount: totalAmount } };
  }
  if (payment) {
    const { chargeId, totalAmount, payload } = payment;
    const ids = { telegram_payment_charge_id: chargeId, provider_payment_charge_id: `${chargeId}_0` };
    const told = { currency: STARS, total_amount: totalAmount, invoice_payload: payload, ...ids } as const;
    return payment.kind === 'paid' ? { successful_payment: told } : { refunded_payment: told };
  }
  return { text, ...(entities.length === 0 ? {} : { entities }) };
}

/** The content of an update, whose id the queue gives. */
export type UpdateContent = Omit<Update, 'update_id'>;
