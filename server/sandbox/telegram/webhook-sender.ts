import type { Update } from 'grammy/types';
import { sleep } from '#server/lib/sleep.ts';
import type { Webhook } from './webhook-state.ts';
import type { World } from './world.ts';

const DELIVERY_TIMEOUT_MS = 60_000;
const RETRY_DELAY_MS_MIN = 1_000;
const RETRY_DELAY_MS_MAX = 60_000;

/** What Telegram does not take as a call in the body of an answer. */
const NOT_IN_BODY = /^(?:get.*|setWebhook|deleteWebhook|close|logOut)$/iu;

/** Waits before a delivery is tried again; ends early, without rejecting, when the signal aborts. */
export type WaitForRetry = (ms: number, signal: AbortSignal) => Promise<void>;

/** Calls a method that stands in the body of a webhook's answer. */
export type CallMethod = (method: string, values: Readonly<Record<string, unknown>>) => Promise<unknown>;

/**
 * Posts pending updates to the webhook, if there is one: one chat's in order, different chats at the same time, each until
 * a 2xx confirms it. Gives the function that ends it.
 */
export function startWebhookSender(world: World, callMethod: CallMethod, waitForRetry: WaitForRetry = sleep): () => void {
  const ending = new AbortController();
  const busyChats = new Set<number>();

  const deliver = async (update: Update, chatId: number): Promise<void> => {
    let delayMs = RETRY_DELAY_MS_MIN;
    while (!ending.signal.aborted && world.updates.pending().includes(update)) {
      const webhook = world.webhook.current;
      if (!webhook) break;
      const failure = await post(webhook, update, callMethod, ending.signal);
      if (failure === null) {
        world.updates.remove(update.update_id);
        break;
      }
      // A failure at an address that was given up meanwhile says nothing about the present one.
      if (world.webhook.current === webhook) world.webhook.lastError = { atSeconds: Math.floor(Date.now() / 1000), message: failure };
      await waitForRetry(delayMs, ending.signal);
      delayMs = Math.min(delayMs * 2, RETRY_DELAY_MS_MAX);
    }
    busyChats.delete(chatId);
    pump();
  };

  const pump = (): void => {
    const webhook = world.webhook.current;
    if (!webhook || ending.signal.aborted) return;
    for (const update of world.updates.pending()) {
      if (busyChats.size >= webhook.connectionsMax) return;
      const chatId = chatOf(update);
      if (busyChats.has(chatId)) continue;
      busyChats.add(chatId);
      void deliver(update, chatId);
    }
  };

  const endings = [world.updates.onPush(pump), world.webhook.onChange(pump)];
  pump();
  return () => {
    ending.abort();
    for (const end of endings) end();
  };
}

function chatOf(update: Update): number {
  return (update.message ?? update.callback_query?.message ?? update.my_chat_member)?.chat.id ?? 0;
}

/** Null when delivered, else why not. */
async function post(webhook: Webhook, update: Update, callMethod: CallMethod, signal: AbortSignal): Promise<string | null> {
  try {
    const response = await fetch(webhook.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(webhook.secretToken === null ? {} : { 'x-telegram-bot-api-secret-token': webhook.secretToken }),
      },
      body: JSON.stringify(update),
      signal: AbortSignal.any([signal, AbortSignal.timeout(DELIVERY_TIMEOUT_MS)]),
    });
    const body = await response.text();
    if (!response.ok) return `Wrong response from the webhook: ${response.status} ${response.statusText}`;
    await callFromBody(body, callMethod);
    return null;
  } catch {
    return 'Connection failed';
  }
}

/** The answer may itself be a call; its result is told to nobody. */
async function callFromBody(body: string, callMethod: CallMethod): Promise<void> {
  try {
    const values: unknown = JSON.parse(body);
    if (typeof values !== 'object' || values === null || !('method' in values) || typeof values.method !== 'string') return;
    const { method, ...rest } = values;
    if (!NOT_IN_BODY.test(method)) await callMethod(method, rest);
  } catch {
    return;
  }
}
