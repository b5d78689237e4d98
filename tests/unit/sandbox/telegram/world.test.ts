import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NewMessage } from '#server/sandbox/telegram/chat-store.ts';
import { changeMember, pressButton, viewChat, writeMessage } from '#server/sandbox/telegram/person-actions.ts';
import type { Snapshot } from '#server/sandbox/telegram/snapshot.ts';
import { createWorld, toMessage, toUser, type World } from '#server/sandbox/telegram/world.ts';

const TOKEN = '42:secret';
const NOW_MS = Date.UTC(2026, 10, 24);
const person = { id: 7_000_000_001, firstName: 'Анна', languageCode: 'ru' };

function say(world: World, text: string, more: Partial<NewMessage> = {}) {
  const chat = world.chats.open(person.id, person);
  const stored = world.chats.add(chat, { from: 'bot', text, entities: [], replyMarkup: null, replyToMessageId: null, ...more });
  return { chat, stored };
}

function snapshotOf(world: World): Snapshot {
  const { updates, chats } = world;
  const { nextMessageId, sequence } = chats;
  return { nextUpdateId: updates.nextUpdateId, nextMessageId, sequence, chats: [...chats.list()], updates: [...updates.pending()] };
}

describe('ids', () => {
  test('are positive and never issued twice, however wrong the clock is and however it jumps between restarts', () => {
    const life = fc.record({ nowSeconds: fc.integer({ min: 0, max: 1_900_000_000 }), count: fc.integer({ min: 0, max: 20 }) });
    fc.assert(
      fc.property(fc.array(life, { minLength: 2, maxLength: 5 }), (lives) => {
        let snapshot: Snapshot | null = null;
        let last = { updateId: 0, messageId: 0, sequence: 0 };
        for (const { nowSeconds, count } of lives) {
          const world = createWorld(TOKEN, snapshot, () => nowSeconds * 1000);
          for (let index = 0; index < count; index += 1) {
            const next = { ...writeMessage(world, { chatId: person.id, from: person, text: 'x' }), sequence: world.chats.sequence };
            expect(next.updateId).toBeGreaterThan(last.updateId);
            expect(next.messageId).toBeGreaterThan(last.messageId);
            expect(next.sequence).toBeGreaterThan(last.sequence);
            last = next;
          }
          snapshot = snapshotOf(world);
        }
      }),
    );
  });

  test('of the bot stand before the colon of its token', () => {
    expect(createWorld('7123456789:abc', null, () => NOW_MS).bot).toMatchObject({ id: 7_123_456_789, is_bot: true });
  });
});

describe('a message as the Bot API shows it', () => {
  const world = createWorld(TOKEN, null, () => NOW_MS + 999);

  test('has no field for what it does not have', () => {
    const { chat, stored } = say(world, 'plain');
    expect(Object.keys(toMessage(world, chat, stored)).sort()).toEqual(['chat', 'date', 'from', 'message_id', 'text']);
  });

  test('gives its time in whole seconds, rounded down', () => {
    const { chat, stored } = say(world, 'now');
    world.chats.edit(stored, { text: 'later' });
    expect(toMessage(world, chat, stored)).toMatchObject({ date: NOW_MS / 1000, edit_date: NOW_MS / 1000 });
  });

  test('shows what it replies to, but not what that one replied to', () => {
    const first = say(world, 'first').stored;
    const second = say(world, 'second', { replyToMessageId: first.messageId }).stored;
    const { chat, stored } = say(world, 'third', { replyToMessageId: second.messageId });
    const shown = toMessage(world, chat, stored).reply_to_message;
    expect(shown).toMatchObject({ message_id: second.messageId, text: 'second' });
    expect(shown?.reply_to_message).toBeUndefined();
  });

  test('stands alone when what it replied to is forgotten', () => {
    const first = say(world, 'first').stored;
    const { chat, stored } = say(world, 'reply', { replyToMessageId: first.messageId });
    for (let index = 0; index < 199; index += 1) say(world, String(index));
    expect(toMessage(world, chat, stored)).not.toHaveProperty('reply_to_message');
  });

  test('carries buttons, but neither a forced reply nor a keyboard', () => {
    const keyboard = { inline_keyboard: [[{ text: 'A', callback_data: 'a' }]] };
    const markupOf = (replyMarkup: NewMessage['replyMarkup']) => {
      const { chat, stored } = say(world, 'x', { replyMarkup });
      return toMessage(world, chat, stored).reply_markup;
    };
    expect(markupOf(keyboard)).toEqual(keyboard);
    expect(markupOf({ force_reply: true })).toBeUndefined();
    expect(markupOf({ keyboard: [[{ text: 'A' }]] })).toBeUndefined();
  });
});

test('a person without a language has none as a user', () => {
  expect(toUser({ id: 1, firstName: 'A' })).toEqual({ id: 1, is_bot: false, first_name: 'A' });
});

test('a world outlives its snapshot in every detail that people and the bot can see', () => {
  const world = createWorld(TOKEN, null, () => NOW_MS);
  const asked = say(world, 'Your sign?', { replyMarkup: { force_reply: true, input_field_placeholder: 'Leo' } }).stored;
  writeMessage(world, { chatId: person.id, from: person, text: '/leo' });
  const offer = say(world, 'Well', {
    replyMarkup: { inline_keyboard: [[{ text: 'A', callback_data: 'a' }, { text: 'B', url: 'https://b.example' }]] },
    entities: [{ type: 'text_link', offset: 0, length: 4, url: 'https://a.example' }],
    replyToMessageId: asked.messageId,
  }).stored;
  world.chats.edit(offer, { text: 'Well!' });
  pressButton(world, { chatId: person.id, from: person, messageId: offer.messageId, data: 'a' });
  changeMember(world, { chatId: person.id, from: person, isBlocked: true });
  const restored = createWorld(TOKEN, snapshotOf(world), () => NOW_MS);
  expect(viewChat(restored, person.id, 0)).toEqual(viewChat(world, person.id, 0));
  expect(restored.updates.pending()).toEqual(world.updates.pending());
  expect(() => writeMessage(restored, { chatId: person.id, from: person, text: 'x' })).toThrow('This person has blocked the bot.');
});
