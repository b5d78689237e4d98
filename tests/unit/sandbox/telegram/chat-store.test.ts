import { beforeEach, expect, test } from 'vitest';
import { CallbackQueries } from '#server/sandbox/telegram/callback-queries.ts';
import { ChatStore, type NewMessage } from '#server/sandbox/telegram/chat-store.ts';

const person = { id: 7_000_000_001, firstName: 'Анна', languageCode: 'ru' };
const message = (text: string, from: 'user' | 'bot' = 'bot'): NewMessage => ({
  from,
  text,
  entities: [],
  replyMarkup: null,
  replyToMessageId: null,
});

let nowMs = 0;
let store: ChatStore;

beforeEach(() => {
  nowMs = 1_000_000;
  store = new ChatStore({ nextMessageId: 10, sequence: 100, chats: [] }, () => nowMs);
});

test('a chat exists from first contact on', () => {
  expect(store.find(person.id)).toBeNull();
  const chat = store.open(person.id, person);
  expect(store.find(person.id)).toBe(chat);
  expect(store.list()).toEqual([chat]);
});

test('opening again takes over a new name and keeps the messages', () => {
  store.add(store.open(person.id, person), message('hi'));
  const chat = store.open(person.id, { ...person, firstName: 'Аня' });
  expect(chat.person.firstName).toBe('Аня');
  expect(chat.messages).toHaveLength(1);
});

test('message ids and sequences rise over all chats', () => {
  const [first, second] = [store.open(1, { ...person, id: 1 }), store.open(2, { ...person, id: 2 })];
  expect(store.add(first, message('a'))).toMatchObject({ messageId: 10, sequence: 101, sentAtMs: nowMs });
  expect(store.add(second, message('b'))).toMatchObject({ messageId: 11, sequence: 102 });
  expect(store.sequence).toBe(102);
  expect(store.nextMessageId).toBe(12);
});

test('an edit is a change with a sequence of its own', () => {
  const stored = store.add(store.open(1, person), message('a'));
  nowMs += 5_000;
  store.edit(stored, { text: 'b' });
  expect(stored).toMatchObject({ text: 'b', editedAtMs: nowMs, sequence: 102, messageId: 10 });
});

test('only the newest messages of a chat are kept', () => {
  const chat = store.open(1, person);
  for (let index = 0; index < 250; index += 1) store.add(chat, message(String(index)));
  expect(chat.messages).toHaveLength(200);
  expect(chat.messages[0]?.text).toBe('50');
  expect(store.findMessage(1, 10)).toBeNull();
});

test('typing shows for five seconds and ends with the answer', () => {
  const chat = store.open(1, person);
  expect(store.isTyping(1)).toBe(false);
  store.setTyping(1);
  nowMs += 4_999;
  expect(store.isTyping(1)).toBe(true);
  nowMs += 1;
  expect(store.isTyping(1)).toBe(false);
  store.setTyping(1);
  store.add(chat, message('wait, I have more', 'user'));
  expect(store.isTyping(1)).toBe(true);
  store.add(chat, message('answer'));
  expect(store.isTyping(1)).toBe(false);
});

test('a draft shows for thirty seconds or until the message comes', () => {
  const chat = store.open(1, person);
  store.setDraft(1, 'The ca');
  expect(store.draftOf(1)).toBe('The ca');
  nowMs += 30_000;
  expect(store.draftOf(1)).toBeNull();
  store.setDraft(1, 'The car');
  store.add(chat, message('The card'));
  expect(store.draftOf(1)).toBeNull();
});

test('a pressed button can be answered for a quarter of an hour', () => {
  const callbacks = new CallbackQueries(() => nowMs);
  const id = callbacks.create();
  expect(id).toMatch(/^[1-9]\d{17}$/);
  expect(callbacks.isOpen(id)).toBe(true);
  nowMs += 15 * 60_000;
  expect(callbacks.isOpen(id)).toBe(true);
  nowMs += 1;
  expect(callbacks.isOpen(id)).toBe(false);
  expect(callbacks.create()).not.toBe(id);
  expect(callbacks.isOpen('unknown')).toBe(false);
});
