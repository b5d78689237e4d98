import { z } from 'zod';
import { ChatMessage, ChatState } from '#server/contracts/chat.ts';

/** The wire format of the control API, by which people (simulated or at the chat page) use the stand-in. */

const Id = z.int().positive();

/** A person as Telegram knows one. */
export const Person = z.object({ id: Id, firstName: z.string().min(1).max(64), languageCode: z.string().min(2).max(16).optional() });
export type Person = z.infer<typeof Person>;

const TEXT_LENGTH_MAX = 4096;

/** In a private chat `chatId` is the id of the person. */
export const SendMessageInput = z.object({ chatId: Id, from: Person, text: z.string().min(1).max(TEXT_LENGTH_MAX) });
export const PressButtonInput = z.object({ chatId: Id, from: Person, messageId: Id, data: z.string().min(1).max(64) });
export const PayInvoiceInput = z.object({ chatId: Id, from: Person, messageId: Id });
export const RefundInput = z.object({ chatId: Id, chargeId: z.string().min(1) });
export const ChangeMemberInput = z.object({ chatId: Id, from: Person, isBlocked: z.boolean() });
export type SendMessageInput = z.infer<typeof SendMessageInput>;
export type PressButtonInput = z.infer<typeof PressButtonInput>;
export type PayInvoiceInput = z.infer<typeof PayInvoiceInput>;
export type RefundInput = z.infer<typeof RefundInput>;
export type ChangeMemberInput = z.infer<typeof ChangeMemberInput>;

export const SentMessage = z.object({ updateId: Id, messageId: Id });
export const SentUpdate = z.object({ updateId: Id });

/** A message with what the chat page does not need: whether and for what it asks an answer, and when it last changed. */
export const ControlMessage = ChatMessage.extend({
  sequence: z.int(),
  editedAt: z.iso.datetime().nullable(),
  replyToMessageId: Id.nullable(),
  isForceReply: z.boolean(),
  /** `input_field_placeholder` of the message: what kind of answer it waits for. */
  placeholder: z.string().nullable(),
});
export type ControlMessage = z.infer<typeof ControlMessage>;

/** Messages that were sent or edited after the asked-for sequence, oldest first. */
export const ControlChat = ChatState.extend({
  messages: z.array(ControlMessage),
  isBlocked: z.boolean(),
  /** Partial text that the bot streams by `sendMessageDraft`. */
  draft: z.string().nullable(),
});
export type ControlChat = z.infer<typeof ControlChat>;

export const FAULT_KINDS = ['error', 'hang_before', 'hang_after', 'destroy', 'html502', 'delay'] as const;

/** How calls of one method (`*`: of any) shall fail. */
export const FaultInput = z.object({
  method: z.string().min(1),
  kind: z.enum(FAULT_KINDS),
  errorCode: z.int().min(400).max(599).default(500),
  /** Without it, the usual one of the error code. */
  description: z.string().optional(),
  retryAfterSeconds: z.int().positive().optional(),
  delayMs: z.int().nonnegative().max(600_000).default(1_000),
  /** How many calls are hit. */
  times: z.int().positive().default(1),
  chatId: z.int().optional(),
});
export type FaultInput = z.infer<typeof FaultInput>;

export const JournalEntry = z.object({
  sequence: z.int(),
  at: z.iso.datetime(),
  method: z.string(),
  chatId: z.int().nullable(),
  payload: z.record(z.string(), z.unknown()),
  ok: z.boolean(),
  errorCode: z.int().nullable(),
  description: z.string().nullable(),
  /** The message that the call made or changed. */
  messageId: z.int().nullable(),
});
export type JournalEntry = z.infer<typeof JournalEntry>;
export const JournalPage = z.object({ entries: z.array(JournalEntry) });

export const PendingUpdates = z.object({ count: z.int().nonnegative(), isPolling: z.boolean(), pollCount: z.int().nonnegative() });
