import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ApiError } from '#server/sandbox/telegram/api-error.ts';
import { Entity, trimFormatted, type FormattedText } from '#server/sandbox/telegram/formatted-text.ts';
import { parseHtml } from '#server/sandbox/telegram/parse-html.ts';
import { parseMarkdown } from '#server/sandbox/telegram/parse-markdown.ts';

/** Far more than a linear reading takes, far less than a backtracking one. */
const PATIENCE_MS = 2_000;

const HTML_PIECES = [
  ...['<b>', '</b>', '<i>', '</i>', '</>', '<pre>', '</pre>', '<code class="language-js">', '</code>', '<a href="https://a.example">', '</a>'],
  ...['&lt;', '&#1;', '<', 'я', '🔮', ' ', '\n', '"'],
];
const MARKDOWN_PIECES = ['*', '_', '__', '~', '||', '`', '```', '[', '](https://a.example)', ']', '\\', '\\*', '>', '\n', 'я', '🔮', ' ', '.'];

/** How each mode writes something inside of something, and text with white space about. */
const HTML_WRAPS = [
  ['<b>', '</b>'],
  ['<i>', '</i>'],
  ['<u>', '</>'],
  ['<blockquote>', '</blockquote>'],
  ['<a href="https://a.example">', '</a>'],
] as const;
const MARKDOWN_WRAPS = [['*', '*'], ['_', '_'], ['~', '~'], ['||', '||'], ['[', '](https://a.example)']] as const;
const LEAVES = [' ', '\n', 'a', 'слово', '🔮', '  b '];

/** Markup that is well-formed: words, and words inside of up to four entities. */
function nested(wraps: readonly (readonly [string, string])[]): fc.Arbitrary<string> {
  const { node } = fc.letrec<{ node: string }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.constantFrom(...LEAVES),
      fc
        .tuple(fc.constantFrom(...wraps), fc.array(tie('node'), { minLength: 1, maxLength: 3 }))
        .map(([[start, end], parts]) => start + parts.join('') + end),
    ),
  }));
  return fc.array(node, { maxLength: 4 }).map((parts) => parts.join(''));
}

/** What a parser makes of a text: null when it refuses it as Telegram would. Anything else it throws is a fault. */
function read(parse: (source: string) => FormattedText, source: string): FormattedText | null {
  try {
    return parse(source);
  } catch (error) {
    if (error instanceof ApiError && error.errorCode === 400 && error.message.startsWith("Bad Request: can't parse entities: ")) return null;
    throw error;
  }
}

function expectSound({ text, entities }: FormattedText): void {
  let before = { offset: 0, length: Infinity };
  for (const entity of entities) {
    expect(entity.length).toBeGreaterThan(0);
    expect(entity.offset + entity.length).toBeLessThanOrEqual(text.length);
    expect(entity.offset > before.offset || (entity.offset === before.offset && entity.length <= before.length)).toBe(true);
    before = entity;
  }
}

describe.each([
  ['HTML', parseHtml, HTML_PIECES, HTML_WRAPS],
  ['MarkdownV2', parseMarkdown, MARKDOWN_PIECES, MARKDOWN_WRAPS],
] as const)('any text as %s', (_mode, parse, pieces, wraps) => {
  const scraps = fc.array(fc.constantFrom(...pieces), { maxLength: 14 }).map((parts) => parts.join(''));

  test('is either refused with 400 or gives entities within the text, outer before inner', () => {
    fc.assert(
      fc.property(fc.oneof(scraps, nested(wraps)), (source) => {
        const formatted = read(parse, source);
        if (formatted) expectSound(formatted);
      }),
    );
  });

  test('cut at its ends has entities within what is left, and cutting again changes nothing', () => {
    fc.assert(
      fc.property(nested(wraps), (source) => {
        const formatted = read(parse, source);
        if (!formatted) return;
        const trimmed = trimFormatted(formatted);
        expect(trimmed.text).toBe(formatted.text.trim());
        expectSound(trimmed);
        expect(trimFormatted(trimmed)).toEqual(trimmed);
      }),
    );
  });
});

test('HTML that is well-formed is never refused, and its tags are gone', () => {
  fc.assert(
    fc.property(nested(HTML_WRAPS), (html) => {
      expect(parseHtml(html).text).toBe(html.replace(/<[^>]*>/gu, ''));
    }),
  );
});

describe('a tag that never ends', () => {
  test.each([
    ['bare values', ' a= b'],
    ['quoted values with spaces', ' a="b c"'],
    ['values in both quotes', ` a='b c' b="c d"`],
    ['spaces around the sign', ' a = b'],
    ['names only', ' a'],
  ])('is refused in no time with %s', (_what, attribute) => {
    const startedAtMs = performance.now();
    expect(() => parseHtml(`<b${attribute.repeat(5_000)}`)).toThrow('Unclosed start tag at byte offset 0');
    expect(performance.now() - startedAtMs).toBeLessThan(PATIENCE_MS);
  });

  test.each([['<b x="unclosed>text</b>'], ["<b x='>text</b>"]])('%s is refused', (html) => {
    expect(() => parseHtml(html)).toThrow(ApiError);
  });

  test.each([[`<a href='https://a.example/'>x</a>`], ['<a href=https://a.example/>x</a>'], ['<a title=x  href = "https://a.example/" >x</a>']])(
    'is not taken for %s, whose link is read',
    (html) => {
      expect(parseHtml(html)).toEqual({ text: 'x', entities: [{ type: 'text_link', url: 'https://a.example/', offset: 0, length: 1 }] });
    },
  );
});

describe('links', () => {
  test.each([['javascript:alert(1)'], ['JavaScript:alert(1)'], ['data:text/html,x'], ['file:///etc/passwd'], ['mailto:a@a.example'], ['']])(
    'to %s are plain text in both modes',
    (url) => {
      expect(parseHtml(`<a href="${url}">x</a>`)).toEqual({ text: 'x', entities: [] });
      expect(parseMarkdown(`[x](${url.replaceAll(')', '\\)')})`)).toEqual({ text: 'x', entities: [] });
    },
  );

  test.each([['https://a.example/'], ['http://a.example/'], ['tg://user?id=1']])('to %s are links in both modes', (url) => {
    const entities = [{ type: 'text_link', url, offset: 0, length: 1 }];
    expect(parseHtml(`<a href="${url}">x</a>`)).toEqual({ text: 'x', entities });
    expect(parseMarkdown(`[x](${url})`)).toEqual({ text: 'x', entities });
  });
});

describe('code', () => {
  const span = { offset: 0, length: 1 };
  test.each([
    ['has a language at the start of a block', '<pre><code class="language-js">x</code></pre>', [{ type: 'pre', language: 'js', ...span }]],
    ['has none by itself', '<code class="language-js">x</code>', [{ type: 'code', ...span }]],
    ['has none inside other formatting', '<b><code class="language-js">x</code></b>', [{ type: 'bold', ...span }, { type: 'code', ...span }]],
    [
      'has none in the middle of a block',
      '<pre> <code class="language-js">x</code></pre>',
      [
        { type: 'pre', offset: 0, length: 2 },
        { type: 'code', offset: 1, length: 1 },
      ],
    ],
    ['fills its block as one entity', '<pre><code>x</code></pre>', [{ type: 'pre', ...span }]],
  ])('%s', (_what, html, entities) => {
    expect(parseHtml(html).entities).toEqual(expect.arrayContaining(entities));
    expect(parseHtml(html).entities).toHaveLength(entities.length);
  });
});

test.each([
  [{ type: 'text_link', offset: 0, length: 1 }],
  [{ type: 'text_link', offset: 0, length: 1, url: 5 }],
  [{ type: 'pre', offset: 0, length: 1, language: 5 }],
  [{ type: 'bold', offset: -1, length: 1 }],
  [{ type: 'bold', offset: 0, length: 0 }],
  [{ type: 'bold', offset: 0.5, length: 1 }],
  [{ offset: 0, length: 1 }],
  ['bold'],
])('%j is no entity', (value) => {
  expect(Entity.safeParse(value).success).toBe(false);
});
