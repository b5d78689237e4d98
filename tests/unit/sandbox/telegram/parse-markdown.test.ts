import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ApiError } from '#server/sandbox/telegram/api-error.ts';
import { parseMarkdown } from '#server/sandbox/telegram/parse-markdown.ts';

test.each([
  ['plain', 'plain', []],
  ['*a*', 'a', [{ type: 'bold', offset: 0, length: 1 }]],
  ['_a_', 'a', [{ type: 'italic', offset: 0, length: 1 }]],
  ['__a__', 'a', [{ type: 'underline', offset: 0, length: 1 }]],
  ['~a~', 'a', [{ type: 'strikethrough', offset: 0, length: 1 }]],
  ['||a||', 'a', [{ type: 'spoiler', offset: 0, length: 1 }]],
  ['`a_b`', 'a_b', [{ type: 'code', offset: 0, length: 3 }]],
  ['`a\\`b`', 'a`b', [{ type: 'code', offset: 0, length: 3 }]],
  ['```\na*b\n```', 'a*b\n', [{ type: 'pre', offset: 0, length: 4 }]],
  ['```sql\nselect```', 'select', [{ type: 'pre', language: 'sql', offset: 0, length: 6 }]],
  ['[l](https://example.org/a\\)b)', 'l', [{ type: 'text_link', url: 'https://example.org/a)b', offset: 0, length: 1 }]],
  ['[l](no link)', 'l', []],
  ['>a\n>b\nc', 'a\nb\nc', [{ type: 'blockquote', offset: 0, length: 3 }]],
  ['>a', 'a', [{ type: 'blockquote', offset: 0, length: 1 }]],
  [
    '*a _b_*',
    'a b',
    [
      { type: 'bold', offset: 0, length: 3 },
      { type: 'italic', offset: 2, length: 1 },
    ],
  ],
  ['1\\. \\*no\\*', '1. *no*', []],
  ['**', '', []],
])('%s', (source, text, entities) => {
  expect(parseMarkdown(source)).toEqual({ text, entities });
});

test.each([
  ['a.b', "Character '.' is reserved and must be escaped with the preceding '\\'"],
  ['a!', "Character '!' is reserved and must be escaped with the preceding '\\'"],
  ['a]', "Character ']' is reserved and must be escaped with the preceding '\\'"],
  ['a > b', "Character '>' is reserved and must be escaped with the preceding '\\'"],
  ['я *a', "Can't find end of Bold entity at byte offset 3"],
  ['_a', "Can't find end of Italic entity at byte offset 0"],
  ['*a _b*_', "Can't find end of Italic entity at byte offset 6"],
  ['`a', "Can't find end of Code entity at byte offset 0"],
  ['```a', "Can't find end of Pre entity at byte offset 0"],
  ['[a', "Can't find end of TextUrl entity at byte offset 0"],
  ['[a](b', "Can't find end of a URL at byte offset 2"],
])('%s is refused as Telegram refuses it', (source, reason) => {
  expect(() => parseMarkdown(source)).toThrow(new ApiError(400, `Bad Request: can't parse entities: ${reason}`));
});

test('a text with every reserved character escaped comes out as it was', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const escaped = text.replace(/[\\_*[\]()~`>#+\-=|{}.!]/gu, '\\$&');
      expect(parseMarkdown(escaped)).toEqual({ text, entities: [] });
    }),
  );
});
