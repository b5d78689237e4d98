import fc from 'fast-check';
import { expect, test } from 'vitest';
import { markdownToRuns } from '#server/bot/text/markdown.ts';
import { plainText, renderHtml, type TextRun } from '#server/bot/text/runs.ts';
import { MESSAGE_UNITS_MAX, splitMessage } from '#server/bot/text/split-message.ts';

const plain = (text: string): TextRun[] => [{ text, tags: [] }];
const split = (text: string, unitsMax: number) => splitMessage(plain(text), unitsMax).map(plainText);
const withoutSpace = (text: string) => text.replace(/\s+/g, '');

test('a text that fits is one message, an empty one is none', () => {
  expect(split('short', 10)).toEqual(['short']);
  expect(split('exactly 10', 10)).toEqual(['exactly 10']);
  expect(split('', 10)).toEqual([]);
  expect(split(' \n ', 10)).toEqual([]);
});

test('a cut is made between paragraphs, else lines, else sentences, else words', () => {
  expect(split('one two\n\nthree four', 14)).toEqual(['one two', 'three four']);
  expect(split('one two\nthree four', 14)).toEqual(['one two', 'three four']);
  expect(split('One two. Three four.', 14)).toEqual(['One two.', 'Three four.']);
  expect(split('one two three four', 14)).toEqual(['one two three', 'four']);
});

test('a word longer than a message is cut inside, but no character is', () => {
  expect(split('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij']);
  expect(split('😀😀😀', 3)).toEqual(['😀', '😀', '😀']);
});

test('bold text across a cut is bold on both sides', () => {
  const messages = splitMessage(markdownToRuns('**one two three four**'), 14);
  expect(messages.map(renderHtml)).toEqual(['<b>one two three</b>', '<b>four</b>']);
});

test('the limit is Telegram’s when none is given', () => {
  const messages = splitMessage(plain('word '.repeat(2_000)));
  expect(messages.every((runs) => plainText(runs).length <= MESSAGE_UNITS_MAX)).toBe(true);
  expect(messages).toHaveLength(3);
});

const text = fc.string({ unit: fc.constantFrom('a', 'bc', ' ', '\n', '\n\n', '. ', '😀', 'Я'), maxLength: 400 });
const limit = fc.integer({ min: 2, max: 60 });

test('no message is too long, empty, or padded with space', () => {
  fc.assert(
    fc.property(text, limit, (input, unitsMax) => {
      for (const message of split(input, unitsMax)) {
        expect(message.length).toBeLessThanOrEqual(unitsMax);
        expect(message.trim()).toBe(message);
        expect(message).not.toBe('');
      }
    }),
  );
});

test('nothing but white space is lost, in order, and no surrogate pair is cut', () => {
  fc.assert(
    fc.property(text, limit, (input, unitsMax) => {
      const messages = split(input, unitsMax);
      expect(withoutSpace(messages.join(''))).toBe(withoutSpace(input));
      for (const message of messages) expect(message.isWellFormed()).toBe(true);
    }),
  );
});
