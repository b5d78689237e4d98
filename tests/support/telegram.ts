import { Api, Bot } from 'grammy';
import type { z } from 'zod';
import { startTelegramStandIn, type TelegramStandInOptions } from '#server/sandbox/telegram/create-stand-in.ts';
import { createControlClient, type ControlClient } from '#server/sandbox/telegram/control-client.ts';
import { JournalPage, PendingUpdates, SentUpdate, type FaultInput, type JournalEntry, type Person } from '#server/sandbox/telegram/control-schemas.ts';

export const TELEGRAM_TEST_TOKEN = '7123456789:test-secret';

/** Somebody with an id beyond 32 bits. */
export const ANNA: Person = { id: 7_000_000_001, firstName: 'Анна', languageCode: 'ru' };
export const BEN: Person = { id: 7_000_000_002, firstName: 'Ben', languageCode: 'en' };

/** The control API as tests use it, over HTTP, for a stand-in in this or in another process. */
export interface TelegramControl extends ControlClient {
  /** A person's message; gives the ids. */
  write(from: Person, text: string): Promise<{ updateId: number; messageId: number }>;
  press(from: Person, messageId: number, data: string): Promise<{ updateId: number }>;
  pay(from: Person, messageId: number): Promise<{ updateId: number }>;
  /** Returns the Stars of a charge, as Telegram does by itself. */
  refund(from: Person, chargeId: string): Promise<{ updateId: number }>;
  addFault(fault: z.input<typeof FaultInput>): Promise<void>;
  clearFaults(): Promise<void>;
  journal(chatId?: number): Promise<JournalEntry[]>;
  pending(): Promise<z.infer<typeof PendingUpdates>>;
}

/** A stand-in in this process, a grammY client for it, and people to talk to it. */
export async function startTestTelegram(options: Partial<TelegramStandInOptions> = {}) {
  const standIn = await startTelegramStandIn({ port: 0, token: TELEGRAM_TEST_TOKEN, ...options });
  return {
    ...standIn,
    token: TELEGRAM_TEST_TOKEN,
    api: new Api(TELEGRAM_TEST_TOKEN, { apiRoot: standIn.apiRoot }),
    createBot: () => new Bot(TELEGRAM_TEST_TOKEN, { client: { apiRoot: standIn.apiRoot } }),
    control: createTelegramControl(standIn.controlUrl),
    call: (method: string, init?: RequestInit) => fetch(`${standIn.apiRoot}/bot${TELEGRAM_TEST_TOKEN}/${method}`, init),
  };
}

export type TestTelegram = Awaited<ReturnType<typeof startTestTelegram>>;

/** Speaks to the control API at `controlUrl`. */
export function createTelegramControl(controlUrl: string): TelegramControl {
  const client = createControlClient({ controlUrl });
  const request = async (path: string, init: RequestInit = {}): Promise<unknown> => {
    const response = await fetch(`${controlUrl}${path}`, { ...init, headers: { 'content-type': 'application/json' } });
    if (!response.ok) throw new Error(`control API answered ${response.status}: ${await response.text()}`);
    return response.json();
  };
  return {
    ...client,
    write: (from, text) => client.sendMessage({ chatId: from.id, from, text }),
    press: (from, messageId, data) => client.pressButton({ chatId: from.id, from, messageId, data }),
    pay: (from, messageId) => client.payInvoice({ chatId: from.id, from, messageId }),
    refund: async (from, chargeId) => SentUpdate.parse(await request('/refunds', { method: 'POST', body: JSON.stringify({ chatId: from.id, chargeId }) })),
    addFault: async (fault) => void (await request('/faults', { method: 'POST', body: JSON.stringify(fault) })),
    clearFaults: async () => void (await request('/faults', { method: 'DELETE' })),
    journal: async (chatId) => JournalPage.parse(await request(`/journal${chatId === undefined ? '' : `?chatId=${chatId}`}`)).entries,
    pending: async () => PendingUpdates.parse(await request('/pending')),
  };
}
