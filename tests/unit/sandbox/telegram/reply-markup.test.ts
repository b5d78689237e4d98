import { expect, test } from 'vitest';
import { inlineKeyboardOf, parseReplyMarkup } from '#server/sandbox/telegram/reply-markup.ts';

const button = { text: 'Aries', callback_data: 'sign:aries' };

test.each([[undefined], [null], [''], [{}], [{ inline_keyboard: [] }], [{ inline_keyboard: [[]] }]])('%j is no markup', (value) => {
  expect(parseReplyMarkup(value)).toBeNull();
});

test.each([
  [{ inline_keyboard: [[button, { text: 'Site', url: 'https://example.org' }]] }],
  [{ inline_keyboard: [[{ text: 'Copy', copy_text: { text: 'x' } }]] }],
  [{ force_reply: true, input_field_placeholder: '1990-05-17' }],
  [{ keyboard: [[{ text: 'A' }]] }],
  [{ remove_keyboard: true }],
])('%j is taken as it is', (value) => {
  expect(parseReplyMarkup(value)).toEqual(value);
});

test('buttons of a reply keyboard may be mere texts', () => {
  expect(parseReplyMarkup({ keyboard: [['A']] })).toEqual({ keyboard: [[{ text: 'A' }]] });
});

test('callback data may have 64 bytes, not characters', () => {
  const withData = (data: string) => parseReplyMarkup({ inline_keyboard: [[{ text: 'A', callback_data: data }]] });
  expect(withData('x'.repeat(64))).not.toBeNull();
  expect(withData('я'.repeat(32))).not.toBeNull();
  expect(() => withData('x'.repeat(65))).toThrow('Bad Request: BUTTON_DATA_INVALID');
  expect(() => withData('я'.repeat(33))).toThrow('Bad Request: BUTTON_DATA_INVALID');
});

test.each([
  ['text', 'object expected as reply markup'],
  [{ inline_keyboard: [[{ text: 'no action' }]] }, "can't parse reply keyboard markup JSON object"],
  [{ inline_keyboard: [[{ text: '', callback_data: 'x' }]] }, "can't parse reply keyboard markup JSON object"],
  [{ inline_keyboard: [button] }, "can't parse reply keyboard markup JSON object"],
  [{ force_reply: true, input_field_placeholder: 'x'.repeat(65) }, "can't parse reply keyboard markup JSON object"],
  [{ inline_keyboard: [Array(101).fill(button)] }, 'reply markup is too long'],
  [
    { inline_keyboard: [[{ text: 'A', url: 'javascript:alert(1)' }]] },
    "inline keyboard button URL 'javascript:alert(1)' is invalid: Wrong HTTP URL",
  ],
])('%j is refused', (value, reason) => {
  expect(() => parseReplyMarkup(value)).toThrow(`Bad Request: ${reason}`);
});

test('only buttons in the message count as its keyboard', () => {
  expect(inlineKeyboardOf(parseReplyMarkup({ inline_keyboard: [[button]] }))).toEqual({ inline_keyboard: [[button]] });
  expect(inlineKeyboardOf({ force_reply: true })).toBeNull();
  expect(inlineKeyboardOf(null)).toBeNull();
});
