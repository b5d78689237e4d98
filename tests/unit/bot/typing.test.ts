import { Api, Context } from 'grammy';
import type { Update, UserFromGetMe } from 'grammy/types';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { withTyping } from '#server/bot/typing.ts';

const me: UserFromGetMe = {
  id: 1, is_bot: true, first_name: 'b', username: 'a_bot', can_join_groups: true, can_read_all_group_messages: false, supports_inline_queries: false,
  can_connect_to_business: false, has_main_web_app: false, has_topics_enabled: false, allows_users_to_create_topics: false,
  can_manage_bots: false, supports_join_request_queries: false,
};
const chat = { id: 7_000_000_002, type: 'private', first_name: 'Ben' } as const;
const update: Update = { update_id: 1, message: { message_id: 1, date: 1, chat, from: { id: chat.id, is_bot: false, first_name: 'Ben' }, text: '/tarot' } };

let actions: object[];
let ctx: Context;
let isRefused: boolean;
beforeEach(() => {
  vi.useFakeTimers();
  actions = [];
  isRefused = false;
  const api = new Api('1:x');
  api.config.use(async (_call, method, payload) => {
    actions.push({ method, ...payload });
    if (isRefused) return { ok: false, error_code: 403, description: 'Forbidden: bot was blocked by the user' };
    throw new Error('the network is away');
  });
  ctx = new Context(update, api, me);
});
afterEach(() => void vi.useRealTimers());

test('"typing" is shown at once and renewed before Telegram lets it end after five seconds, until the work is done', async () => {
  const work = Promise.withResolvers<string>();
  const result = withTyping(ctx, () => work.promise);
  expect(actions).toEqual([{ method: 'sendChatAction', chat_id: chat.id, action: 'typing' }]);
  await vi.advanceTimersByTimeAsync(14_999);
  expect(actions).toHaveLength(4);
  work.resolve('the reading');
  expect(await result).toBe('the reading');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(actions).toHaveLength(4);
  expect(vi.getTimerCount()).toBe(0);
});

test('work that fails ends "typing" too, and its own error goes on', async () => {
  await expect(withTyping(ctx, () => Promise.reject(new Error('the model is away')))).rejects.toThrow('the model is away');
  expect(vi.getTimerCount()).toBe(0);
});

test('a Telegram that refuses to show it changes nothing of the work', async () => {
  isRefused = true;
  const result = withTyping(ctx, () => new Promise<string>((resolve) => setTimeout(resolve, 9_000, 'the reading')));
  await vi.advanceTimersByTimeAsync(9_000);
  expect(await result).toBe('the reading');
});
