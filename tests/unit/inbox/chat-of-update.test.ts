import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chatOfUpdate } from '#server/services/inbox/chat-of-update.ts';

test.each([
  ['a message', { update_id: 1, message: { chat: { id: 7 }, from: { id: 8 } } }, 7],
  ['a message in a group', { update_id: 1, message: { chat: { id: -100123 }, from: { id: 8 } } }, -100123],
  ['a pressed button', { update_id: 1, callback_query: { id: 'x', from: { id: 8 }, message: { chat: { id: 7 } } } }, 7],
  ['a button of an inline message', { update_id: 1, callback_query: { id: 'x', from: { id: 8 } } }, 8],
  ['a block', { update_id: 1, my_chat_member: { chat: { id: 7 }, from: { id: 7 } } }, 7],
  ['a pre-checkout query', { update_id: 1, pre_checkout_query: { id: 'x', from: { id: 9 } } }, -4_503_599_627_370_505],
  ['a subscription', { update_id: 1, subscription: { user: { id: 9 } } }, 9],
  ['an id beyond 32 bits', { update_id: 1, message: { chat: { id: 7_000_000_001 } } }, 7_000_000_001],
  ['something without a chat or a user', { update_id: 1, poll: { id: 'x' } }, 0],
])('the chat of %s', (_name, update, expected) => {
  expect(chatOfUpdate(update)).toBe(expected);
});

test('a question about a payment has an order of its own for each user, which is no chat’s', () => {
  const user = fc.integer({ min: 1, max: 2 ** 52 - 1 });
  // Groups have small negative ids, supergroups and channels those around -10^12.
  const group = fc.integer({ min: -4_000_000_000_000, max: -1 });
  const orderOf = (id: number) => chatOfUpdate({ update_id: 1, pre_checkout_query: { id: 'x', from: { id } } });
  fc.assert(
    fc.property(user, user, group, (one, other, chat) => {
      expect(Number.isSafeInteger(orderOf(one))).toBe(true);
      expect(orderOf(one) === orderOf(other)).toBe(one === other);
      expect([one, other, chat]).not.toContain(orderOf(one));
    }),
  );
});

test('no update makes it throw', () => {
  fc.assert(fc.property(fc.object(), (update) => Number.isInteger(chatOfUpdate(update))));
});
