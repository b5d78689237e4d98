import type { MessageEntity } from 'grammy/types';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sortEntities, type FormattedText } from '#server/sandbox/telegram/formatted-text.ts';
import { parseHtml } from '#server/sandbox/telegram/parse-html.ts';
import { renderHtml } from '#server/sandbox/telegram/render-html.ts';

const TYPES = ['bold', 'italic', 'underline', 'strikethrough', 'spoiler'] as const;

/** Which kinds of formatting lie on each character. */
function coverOf({ text, entities }: FormattedText): string[] {
  return Array.from({ length: text.length }, (_, index) =>
    [...new Set(entities.filter(({ offset, length }) => offset <= index && index < offset + length).map(({ type }) => type))].sort().join(),
  );
}

/** A text with spans of any kind anywhere in it, also across each other. */
const crossed = fc.string({ minLength: 1, maxLength: 20 }).chain((text) =>
  fc
    .array(
      fc
        .record({ type: fc.constantFrom(...TYPES), from: fc.nat(text.length - 1), to: fc.nat(text.length - 1) })
        .map(({ type, from, to }): MessageEntity => ({ type, offset: Math.min(from, to), length: Math.abs(from - to) + 1 })),
      { maxLength: 6 },
    )
    .map((entities): FormattedText => ({ text, entities: sortEntities(entities) })),
);

describe('a page made of a message', () => {
  test('can be read back by Telegram however entities cross, and every character keeps its formatting', () => {
    fc.assert(
      fc.property(crossed, (formatted) => {
        const read = parseHtml(renderHtml(formatted));
        expect(read.text).toBe(formatted.text);
        expect(coverOf(read)).toEqual(coverOf(formatted));
      }),
    );
  });

  test('closes and opens again what another entity cuts', () => {
    const entities: MessageEntity[] = [
      { type: 'bold', offset: 0, length: 4 },
      { type: 'italic', offset: 2, length: 4 },
    ];
    expect(renderHtml({ text: 'abcdef', entities })).toBe('<b>ab<i>cd</i></b><i>ef</i>');
  });

  test('puts entities side by side, not into each other', () => {
    const entities: MessageEntity[] = [
      { type: 'bold', offset: 0, length: 1 },
      { type: 'italic', offset: 1, length: 1 },
    ];
    expect(renderHtml({ text: 'ab', entities })).toBe('<b>a</b><i>b</i>');
  });

  test.each([['javascript:alert(1)'], ['data:text/html,<script>'], ['file:///etc/passwd'], ['no link']])(
    'has no link to %s, only its text',
    (url) => {
      expect(renderHtml({ text: 'x', entities: [{ type: 'text_link', url, offset: 0, length: 1 }] })).toBe('x');
    },
  );

  test.each([['https://example.org/'], ['http://example.org/'], ['tg://resolve?domain=adtro']])('links to %s', (url) => {
    expect(renderHtml({ text: 'x', entities: [{ type: 'text_link', url, offset: 0, length: 1 }] })).toBe(`<a href="${url}">x</a>`);
  });

  test('cannot be left through the language of a code block', () => {
    const language = '"><script>alert(1)</script>';
    const html = renderHtml({ text: 'x', entities: [{ type: 'pre', language, offset: 0, length: 1 }] });
    expect(html).not.toContain('<script>');
    expect(parseHtml(html).entities).toEqual([{ type: 'pre', language, offset: 0, length: 1 }]);
  });

  test('keeps an emoji of two units whole inside its tags', () => {
    expect(renderHtml({ text: 'a🔮b', entities: [{ type: 'bold', offset: 1, length: 2 }] })).toBe('a<b>🔮</b>b');
  });
});
