import fc from 'fast-check';
import { expect, test } from 'vitest';
import { markdownToRuns } from '#server/bot/text/markdown.ts';
import { plainText, renderHtml, sliceRuns, type TextRun, type TextTag } from '#server/bot/text/runs.ts';
import { MESSAGE_UNITS_MAX, splitMessage } from '#server/bot/text/split-message.ts';
import { parseHtml } from '#server/sandbox/telegram/parse-html.ts';

const tagSets: readonly (readonly TextTag[])[] = [[], ['b'], ['i'], ['b', 'i'], ['code'], ['pre']];
const unit = fc.constantFrom('a', 'слово', ' ', '\n', '\n\n', '. ', '! ', '…', '🔮', '👩‍👩‍👧', '<', '&', '>');
const anyRuns = fc.array(fc.record({ text: fc.string({ unit, maxLength: 60 }), tags: fc.constantFrom(...tagSets) }), { maxLength: 12 });
const anyLimit = fc.integer({ min: 2, max: 80 });

/** Every visible UTF-16 unit with the tags that it wears. */
const unitsOf = (runs: readonly TextRun[]) => runs.flatMap(({ text, tags }) => Array.from({ length: text.length }, (_, at) => `${text.charAt(at)} ${tags.join()}`));

/** Where each message stands in the text; messages lie one after the other with nothing but white space between. */
function placesOf(text: string, messages: readonly string[]): { readonly from: number; readonly to: number }[] {
  let from = 0;
  return messages.map((message) => {
    from += text.slice(from).length - text.slice(from).trimStart().length;
    expect(text.slice(from, from + message.length)).toBe(message);
    const place = { from, to: from + message.length };
    from = place.to;
    return place;
  });
}

test('the messages joined are the text itself, to the last space within them, and only white space is left out between', () => {
  fc.assert(
    fc.property(anyRuns, anyLimit, (runs, limit) => {
      const text = plainText(runs);
      const messages = splitMessage(runs, limit).map(plainText);
      const places = placesOf(text, messages);
      expect(text.slice(places.at(-1)?.to ?? 0).trim()).toBe('');
    }),
  );
});

test('every character wears the tags after the cut that it wore before', () => {
  fc.assert(
    fc.property(anyRuns, anyLimit, (runs, limit) => {
      const before = unitsOf(runs);
      const messages = splitMessage(runs, limit);
      const places = placesOf(plainText(runs), messages.map(plainText));
      messages.forEach((message, index) => expect(unitsOf(message)).toEqual(before.slice(places[index]?.from, places[index]?.to)));
    }),
  );
});

test('every message is HTML of its own that Telegram reads as its text, within the limit of units', () => {
  fc.assert(
    fc.property(anyRuns, anyLimit, (runs, limit) => {
      for (const message of splitMessage(runs, limit)) {
        const { text } = parseHtml(renderHtml(message));
        expect(text).toBe(plainText(message));
        expect(text.length).toBeLessThanOrEqual(limit);
        expect(text.isWellFormed()).toBe(true);
      }
    }),
  );
});

test('a text that fits is never cut, however many paragraphs it has', () => {
  fc.assert(
    fc.property(anyRuns, (runs) => {
      const text = plainText(runs);
      const messages = splitMessage(runs, Math.max(2, text.length));
      expect(messages.map(plainText)).toEqual(text.trim() === '' ? [] : [text.trim()]);
    }),
  );
});

test('splitting what was split already changes nothing', () => {
  fc.assert(
    fc.property(anyRuns, anyLimit, (runs, limit) => {
      for (const message of splitMessage(runs, limit)) expect(splitMessage(message, limit).map(renderHtml)).toEqual([renderHtml(message)]);
    }),
  );
});

test('no word is cut that a message could hold', () => {
  const words = fc.array(fc.string({ unit: fc.constantFrom('a', 'Я', '🔮'), minLength: 1, maxLength: 6 }), { maxLength: 60 });
  fc.assert(
    fc.property(words, fc.integer({ min: 20, max: 60 }), fc.constantFrom(' ', '\n', '\n\n', '. '), (list, limit, glue) => {
      const messages = splitMessage([{ text: list.join(glue), tags: [] }], limit).map(plainText);
      expect(messages.flatMap((message) => message.split(/[.\s]+/).filter(Boolean))).toEqual(list);
    }),
  );
});

test('a cut prefers the end of a paragraph over a later end of a line, but not if it leaves the message nearly empty', () => {
  const split = (text: string) => splitMessage([{ text, tags: [] }], 100).map(plainText);
  const [paragraph, line] = ['p'.repeat(40), 'l'.repeat(40)];
  expect(split(`${paragraph}\n\n${line}\n${line}`)).toEqual([paragraph, `${line}\n${line}`]);
  expect(split(`${'p'.repeat(20)}\n\n${line}\n${line}`)).toEqual([`${'p'.repeat(20)}\n\n${line}`, line]);
});

test('a message of exactly Telegram’s limit is one, and one unit more makes two', () => {
  for (const character of ['a', 'Я', '🔮']) {
    const full = character.repeat(MESSAGE_UNITS_MAX / character.length);
    expect(splitMessage([{ text: full, tags: ['b'] }])).toHaveLength(1);
    expect(splitMessage([{ text: `${full}!`, tags: ['b'] }]).map((runs) => plainText(runs).length)).toEqual([MESSAGE_UNITS_MAX, 1]);
  }
});

test('what escaping adds does not count: Telegram measures the text, not its HTML', () => {
  const [only, ...more] = splitMessage(markdownToRuns('<&>'.repeat(1_365)));
  expect(more).toEqual([]);
  expect(renderHtml(only ?? []).length).toBeGreaterThan(3 * MESSAGE_UNITS_MAX);
});

test('slices that touch join to the whole, wherever the cuts are', () => {
  fc.assert(
    fc.property(anyRuns, fc.nat(300), fc.nat(300), (runs, a, b) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      const parts = [sliceRuns(runs, 0, from), sliceRuns(runs, from, to), sliceRuns(runs, to, Infinity)].flat();
      expect(unitsOf(parts)).toEqual(unitsOf(runs));
    }),
  );
});
