import { expect, test } from 'vitest';
import type { ChatMessage, ChatState } from '#server/contracts/chat.ts';
import { parseChatForm } from '#app/features/chat/chat-form.ts';
import { mergeChat } from '#app/features/chat/merge-chat.ts';

function message(messageId: number, text: string): ChatMessage {
  return { messageId, from: 'bot', text, html: null, sentAt: '2026-11-24T00:00:00.000Z', buttons: [] };
}

function state(sequence: number, ...messages: ChatMessage[]): ChatState {
  return { sequence, isTyping: false, messages };
}

function form(fields: Record<string, string>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  return data;
}

test('news add to the chat, and a changed message takes the place of the old one', () => {
  const merged = mergeChat(state(2, message(1, 'a'), message(2, 'b')), { ...state(4, message(2, 'b2'), message(3, 'c')), isTyping: true });
  expect(merged.messages.map(({ text }) => text)).toEqual(['a', 'b2', 'c']);
  expect(merged).toMatchObject({ sequence: 4, isTyping: true });
});

test('no news change nothing', () => {
  const known = state(2, message(1, 'a'));
  expect(mergeChat(known, state(2))).toEqual(known);
});

test('a text is sent trimmed, in the language of the page', () => {
  expect(parseChatForm(form({ text: ' /tarot ' }), 'ru')).toEqual({ kind: 'send', input: { text: '/tarot', language: 'ru' } });
});

test('a button is pressed with its message', () => {
  const press = parseChatForm(form({ messageId: '7', callbackData: 'tarot:3' }), 'en');
  expect(press).toEqual({ kind: 'press', input: { messageId: 7, callbackData: 'tarot:3', language: 'en' } });
});

test('an invoice is paid with its message', () => {
  expect(parseChatForm(form({ messageId: '7', pay: '1' }), 'ru')).toEqual({ kind: 'pay', input: { messageId: 7, language: 'ru' } });
});

test.each([
  [{ text: '  ' }, 'not_sent'],
  [{ text: 'x'.repeat(4_097) }, 'too_long'],
  [{ messageId: 'x', callbackData: 'a' }, 'not_sent'],
  [{ messageId: 'x', pay: '1' }, 'not_sent'],
  [{}, 'not_sent'],
])('a form that cannot be sent is refused with a reason', (fields, refusal) => {
  expect(parseChatForm(form(fields), 'en')).toEqual({ kind: 'refused', refusal });
});
