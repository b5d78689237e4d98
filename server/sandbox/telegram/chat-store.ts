import { z } from 'zod';
import { Person } from './control-schemas.ts';
import { Entity } from './formatted-text.ts';
import { ReplyMarkup } from './reply-markup.ts';
import { StoredInvoice, StoredPayment } from './star-payments.ts';

/** A message as kept; entities are what Telegram would send, offsets in UTF-16 units. */
export const StoredMessage = z.object({
  messageId: z.int(),
  from: z.enum(['user', 'bot']),
  text: z.string(),
  entities: z.array(Entity),
  sentAtMs: z.number(),
  editedAtMs: z.number().nullable(),
  replyMarkup: ReplyMarkup.nullable(),
  replyToMessageId: z.int().nullable(),
  /** Instead of a text. */
  invoice: StoredInvoice.optional(),
  payment: StoredPayment.optional(),
  sequence: z.int(),
});
export type StoredMessage = z.infer<typeof StoredMessage>;

/** A private chat of one person with the bot. */
export const StoredChat = z.object({
  id: z.int(),
  person: Person,
  isBlocked: z.boolean(),
  messages: z.array(StoredMessage),
});
export type StoredChat = z.infer<typeof StoredChat>;

/** Older messages of a chat are forgotten: an edit of them fails as that of a deleted one does. */
const MESSAGES_PER_CHAT_MAX = 200;
/** How long "typing" shows after one `sendChatAction`. */
const TYPING_MS = 5_000;
/** How long a streamed draft shows. */
const DRAFT_MS = 30_000;

interface Passing {
  typingUntilMs: number;
  draft: string | null;
  draftUntilMs: number;
}

/** What a new message is made of. */
export type NewMessage = Pick<StoredMessage, 'from' | 'text' | 'entities' | 'replyMarkup' | 'replyToMessageId' | 'invoice' | 'payment'>;

/**
 * The chats of one bot. Every change of a message takes the next sequence, over all chats, so that a reader can ask for
 * what came after.
 */
export class ChatStore {
  readonly #chats = new Map<number, StoredChat>();
  readonly #passing = new Map<number, Passing>();
  readonly #nowMs: () => number;
  #nextMessageId: number;
  #sequence: number;

  constructor(start: { nextMessageId: number; sequence: number; chats: readonly StoredChat[] }, nowMs: () => number) {
    this.#nextMessageId = start.nextMessageId;
    this.#sequence = start.sequence;
    this.#nowMs = nowMs;
    for (const chat of start.chats) this.#chats.set(chat.id, chat);
  }

  get sequence(): number {
    return this.#sequence;
  }

  get nextMessageId(): number {
    return this.#nextMessageId;
  }

  list(): readonly StoredChat[] {
    return [...this.#chats.values()];
  }

  find(chatId: number): StoredChat | null {
    return this.#chats.get(chatId) ?? null;
  }

  /** The chat of a person, made on first contact; name and language are taken over. */
  open(chatId: number, person: Person): StoredChat {
    const chat = this.#chats.get(chatId) ?? { id: chatId, person, isBlocked: false, messages: [] };
    chat.person = person;
    this.#chats.set(chatId, chat);
    return chat;
  }

  findMessage(chatId: number, messageId: number): StoredMessage | null {
    return this.find(chatId)?.messages.find((message) => message.messageId === messageId) ?? null;
  }

  add(chat: StoredChat, message: NewMessage): StoredMessage {
    const stored = { ...message, messageId: this.#nextMessageId++, sentAtMs: this.#nowMs(), editedAtMs: null, sequence: ++this.#sequence };
    chat.messages.push(stored);
    if (chat.messages.length > MESSAGES_PER_CHAT_MAX) chat.messages.shift();
    if (message.from === 'bot') this.#passing.delete(chat.id);
    return stored;
  }

  /** Notes what became of paying an invoice; for the person that is a change, for the bot it is none. */
  setCheckout(message: StoredMessage, checkout: StoredInvoice['checkout']): void {
    if (message.invoice) Object.assign(message, { invoice: { ...message.invoice, checkout }, sequence: ++this.#sequence });
  }

  /** Changes a message in place. */
  edit(message: StoredMessage, change: Partial<Pick<StoredMessage, 'text' | 'entities' | 'replyMarkup'>>): void {
    Object.assign(message, change, { editedAtMs: this.#nowMs(), sequence: ++this.#sequence });
  }

  setTyping(chatId: number): void {
    this.#passingOf(chatId).typingUntilMs = this.#nowMs() + TYPING_MS;
  }

  isTyping(chatId: number): boolean {
    return this.#passingOf(chatId).typingUntilMs > this.#nowMs();
  }

  setDraft(chatId: number, draft: string): void {
    Object.assign(this.#passingOf(chatId), { draft, draftUntilMs: this.#nowMs() + DRAFT_MS });
  }

  draftOf(chatId: number): string | null {
    const passing = this.#passingOf(chatId);
    return passing.draftUntilMs > this.#nowMs() ? passing.draft : null;
  }

  #passingOf(chatId: number): Passing {
    const passing = this.#passing.get(chatId) ?? { typingUntilMs: 0, draft: null, draftUntilMs: 0 };
    this.#passing.set(chatId, passing);
    return passing;
  }
}
