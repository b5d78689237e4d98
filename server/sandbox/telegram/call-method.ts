import { ApiError } from './api-error.ts';
import type { CallRecord, Journal } from './journal.ts';
import * as account from './methods-account.ts';
import * as messages from './methods-messages.ts';
import * as payments from './methods-payments.ts';
import { findChatId, type Arguments } from './read-arguments.ts';
import type { World } from './world.ts';

type Method = (world: World, values: Arguments, signal: AbortSignal) => unknown;

const METHODS: Readonly<Record<string, Method>> = {
  getMe: account.getMe,
  getUpdates: account.getUpdates,
  setWebhook: account.setWebhook,
  deleteWebhook: account.deleteWebhook,
  getWebhookInfo: account.getWebhookInfo,
  setMyCommands: account.setMyCommands,
  getMyCommands: account.getMyCommands,
  deleteMyCommands: account.deleteMyCommands,
  answerCallbackQuery: account.answerCallbackQuery,
  sendInvoice: payments.sendInvoice,
  answerPreCheckoutQuery: payments.answerPreCheckoutQuery,
  refundStarPayment: payments.refundStarPayment,
  sendMessage: messages.sendMessage,
  sendMessageDraft: messages.sendMessageDraft,
  sendChatAction: messages.sendChatAction,
  editMessageText: messages.editMessageText,
  editMessageReplyMarkup: messages.editMessageReplyMarkup,
};

const NAME_BY_LOWER_CASE = new Map(Object.keys(METHODS).map((name) => [name.toLowerCase(), name]));
/** Polls come by the thousand and say nothing; they are counted instead. */
const UNRECORDED_METHOD = 'getUpdates';

/** The name of a method as documented (callers may write it in any case), or null when there is none. */
export function findMethodName(method: string): string | null {
  return NAME_BY_LOWER_CASE.get(method.toLowerCase()) ?? null;
}

/** A successful answer; the description is set by few methods only. */
export interface MethodResult {
  readonly result: unknown;
  readonly description?: string;
}

/** Performs one call and writes it into the journal. Rejects with `ApiError` as Telegram would refuse it. */
export async function callMethod(
  world: World,
  journal: Journal,
  name: string,
  values: Arguments,
  signal: AbortSignal,
): Promise<MethodResult> {
  const method = METHODS[name];
  if (!method) throw new ApiError(404, 'Not Found: method not found');
  try {
    const value = await method(world, values, signal);
    recordCall(journal, name, values, { ok: true, errorCode: null, description: null, messageId: messageIdOf(value) });
    return value instanceof account.Described ? { result: value.result, description: value.description } : { result: value };
  } catch (error) {
    if (error instanceof ApiError) recordCall(journal, name, values, failure(error.errorCode, error.message));
    throw error;
  }
}

/** Writes a call into the journal, polls excepted. */
export function recordCall(
  journal: Journal,
  method: string,
  payload: Arguments,
  end: Omit<CallRecord, 'method' | 'chatId' | 'payload'>,
): void {
  if (method !== UNRECORDED_METHOD) journal.record({ method, chatId: findChatId(payload), payload, ...end });
}

/** The end of a call that was refused or never performed. */
export function failure(errorCode: number | null, description: string): Omit<CallRecord, 'method' | 'chatId' | 'payload'> {
  return { ok: false, errorCode, description, messageId: null };
}

function messageIdOf(value: unknown): number | null {
  return typeof value === 'object' && value !== null && 'message_id' in value && typeof value.message_id === 'number'
    ? value.message_id
    : null;
}
