import { z } from 'zod';

/** The sandbox's chat page: a person talks to the bot as a Telegram user would. */
export const ChatButton = z.object({ text: z.string(), callbackData: z.string() });

/** What became of pressing Pay; `timed_out`: the bot did not say in time whether it may be paid. */
export const CHECKOUT_STATUSES = ['open', 'checking', 'refused', 'timed_out', 'paid'] as const;

/** An invoice in Telegram Stars; `errorMessage` is what the bot says when it refuses. */
export const ChatInvoice = z.object({
  title: z.string(),
  description: z.string(),
  stars: z.int(),
  status: z.enum(CHECKOUT_STATUSES),
  errorMessage: z.string().nullable(),
});
export type ChatInvoice = z.infer<typeof ChatInvoice>;

/** Stars that were paid or returned. */
export const ChatPayment = z.object({ kind: z.enum(['paid', 'refunded']), stars: z.int(), chargeId: z.string() });
export type ChatPayment = z.infer<typeof ChatPayment>;

export const ChatMessage = z.object({
  messageId: z.int(),
  from: z.enum(['user', 'bot']),
  text: z.string(),
  /** HTML of the bot's message as Telegram would accept it (b, i, u, s, code, pre, blockquote, tg-spoiler, a), else null. */
  html: z.string().nullable(),
  sentAt: z.iso.datetime(),
  buttons: z.array(z.array(ChatButton)),
  /** A message that is an invoice, or that tells of a payment, has no text. */
  invoice: ChatInvoice.optional(),
  payment: ChatPayment.optional(),
});
export type ChatMessage = z.infer<typeof ChatMessage>;

/** `after` is the last change sequence the caller has seen; 0 for all. */
export const ListChatInput = z.object({ after: z.int().nonnegative().default(0) });
export const ChatState = z.object({ sequence: z.int(), isTyping: z.boolean(), messages: z.array(ChatMessage) });
export type ChatState = z.infer<typeof ChatState>;

export const SendChatInput = z.object({ text: z.string().trim().min(1).max(4096), language: z.enum(['en', 'ru']) });
export const PressChatButtonInput = z.object({ messageId: z.int(), callbackData: z.string().min(1).max(64), language: z.enum(['en', 'ru']) });
export const PayChatInvoiceInput = z.object({ messageId: z.int(), language: z.enum(['en', 'ru']) });
export type SendChatInput = z.infer<typeof SendChatInput>;
export type PressChatButtonInput = z.infer<typeof PressChatButtonInput>;
export type PayChatInvoiceInput = z.infer<typeof PayChatInvoiceInput>;

/** What the chat page needs of the sandbox; given to the tRPC router by the composition root, absent outside the sandbox. */
export interface SandboxChat {
  list(adminId: number, after: number): Promise<ChatState>;
  send(adminId: number, input: SendChatInput): Promise<void>;
  press(adminId: number, input: PressChatButtonInput): Promise<void>;
  pay(adminId: number, input: PayChatInvoiceInput): Promise<void>;
}
