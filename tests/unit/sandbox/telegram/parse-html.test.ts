import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ApiError } from '#server/sandbox/telegram/api-error.ts';
import { trimFormatted } from '#server/sandbox/telegram/formatted-text.ts';
import { parseHtml } from '#server/sandbox/telegram/parse-html.ts';
import { escapeHtml, renderHtml } from '#server/sandbox/telegram/render-html.ts';

describe('reading HTML', () => {
  test.each([
    ['plain', 'plain', []],
    ['<b>bold</b>', 'bold', [{ type: 'bold', offset: 0, length: 4 }]],
    ['<strong>bold</strong>', 'bold', [{ type: 'bold', offset: 0, length: 4 }]],
    [
      '<i>a</i><em>b</em>',
      'ab',
      [
        { type: 'italic', offset: 0, length: 1 },
        { type: 'italic', offset: 1, length: 1 },
      ],
    ],
    [
      '<u>a</u><ins>b</ins>',
      'ab',
      [
        { type: 'underline', offset: 0, length: 1 },
        { type: 'underline', offset: 1, length: 1 },
      ],
    ],
    ['<s>a</s><strike>b</strike><del>c</del>', 'abc', [0, 1, 2].map((offset) => ({ type: 'strikethrough', offset, length: 1 }))],
    ['<tg-spoiler>a</tg-spoiler><span class="tg-spoiler">b</span>', 'ab', [0, 1].map((offset) => ({ type: 'spoiler', offset, length: 1 }))],
    ['<code>x</code>', 'x', [{ type: 'code', offset: 0, length: 1 }]],
    ['<pre>x</pre>', 'x', [{ type: 'pre', offset: 0, length: 1 }]],
    ['<pre><code class="language-sql">x</code></pre>', 'x', [{ type: 'pre', language: 'sql', offset: 0, length: 1 }]],
    ['<blockquote>q</blockquote>', 'q', [{ type: 'blockquote', offset: 0, length: 1 }]],
    ['<blockquote expandable>q</blockquote>', 'q', [{ type: 'expandable_blockquote', offset: 0, length: 1 }]],
    [
      '<a href="https://example.org/?a=1&amp;b">l</a>',
      'l',
      [{ type: 'text_link', url: 'https://example.org/?a=1&b', offset: 0, length: 1 }],
    ],
    ['<a href="not a link">l</a>', 'l', []],
    ['<tg-emoji emoji-id="5">🔮</tg-emoji>', '🔮', [{ type: 'custom_emoji', custom_emoji_id: '5', offset: 0, length: 2 }]],
    ['<B>Case</b>', 'Case', [{ type: 'bold', offset: 0, length: 4 }]],
    ['🔮 <b>x</b>', '🔮 x', [{ type: 'bold', offset: 3, length: 1 }]],
    ['<b></b>', '', []],
    [
      '<b>a<i>b</i></b>',
      'ab',
      [
        { type: 'bold', offset: 0, length: 2 },
        { type: 'italic', offset: 1, length: 1 },
      ],
    ],
  ])('%s', (html, text, entities) => {
    expect(parseHtml(html)).toEqual({ text, entities });
  });

  test.each([
    ['&lt;b&gt; &amp; &quot;', '<b> & "'],
    ['&#1051;&#x41B;', 'ЛЛ'],
    ['&nbsp; &unknown; & &#0;', '&nbsp; &unknown; & &#0;'],
    ['a > b', 'a > b'],
  ])('references in %s', (html, text) => {
    expect(parseHtml(html).text).toBe(text);
  });

  test.each([
    ['a < b', 'Unsupported start tag "" at byte offset 2'],
    ['<div>x</div>', 'Unsupported start tag "div" at byte offset 0'],
    ['<br>', 'Unsupported start tag "br" at byte offset 0'],
    ['<span>x</span>', 'Unsupported start tag "span" at byte offset 0'],
    ['я<h1>x</h1>', 'Unsupported start tag "h1" at byte offset 2'],
    ['<b>x', `Can't find end tag corresponding to start tag "b"`],
    ['<b>x</i>', 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'],
    ['x</b>', 'Unexpected end tag at byte offset 1'],
    ['<b', 'Unclosed start tag at byte offset 0'],
    ['<b>x</b', 'Unclosed end tag at byte offset 4'],
  ])('%s is refused as Telegram refuses it', (html, reason) => {
    expect(() => parseHtml(html)).toThrow(new ApiError(400, `Bad Request: can't parse entities: ${reason}`));
  });

  test('a text that was escaped always comes out as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(parseHtml(escapeHtml(text))).toEqual({ text, entities: [] });
      }),
    );
  });
});

describe('writing HTML', () => {
  const nested =
    '<b>a<i>b &amp; c</i></b> <code>&lt;x&gt;</code>\n<blockquote>q</blockquote><pre><code class="language-sql">s</code></pre><a href="https://example.org/?a=1&amp;b=2">l</a>';

  test('what was read is written back', () => {
    expect(renderHtml(parseHtml(nested))).toBe(nested);
  });

  test('what looks like a tag in the text is never a tag in the page', () => {
    expect(renderHtml({ text: '<script>"&', entities: [{ type: 'bold', offset: 0, length: 10 }] })).toBe(
      '<b>&lt;script&gt;&quot;&amp;</b>',
    );
  });

  test('a link cannot break out of its attribute', () => {
    const html = renderHtml({ text: 'l', entities: [{ type: 'text_link', url: 'https://a.example/"><script>', offset: 0, length: 1 }] });
    expect(html).toBe('<a href="https://a.example/&quot;&gt;&lt;script&gt;">l</a>');
  });

  test('entities without a tag are left out', () => {
    expect(renderHtml({ text: '/start', entities: [{ type: 'bot_command', offset: 0, length: 6 }] })).toBe('/start');
  });

  test('nested entities are read back as they were written', () => {
    const types = fc.shuffledSubarray(['bold', 'italic', 'underline', 'strikethrough'] as const);
    fc.assert(
      fc.property(types, fc.string({ minLength: 1 }), fc.string(), (kinds, inner, around) => {
        const text = `${around}${inner}`;
        const entities = kinds.map((type) => ({ type, offset: around.length, length: inner.length }));
        expect(parseHtml(renderHtml({ text, entities }))).toEqual({ text, entities: expect.arrayContaining(entities) });
      }),
    );
  });
});

describe('white space at the ends', () => {
  test('is cut, and entities move and shrink with it', () => {
    const trimmed = trimFormatted({
      text: ' \n hi you  ',
      entities: [
        { type: 'bold', offset: 0, length: 11 },
        { type: 'italic', offset: 6, length: 5 },
        { type: 'code', offset: 0, length: 2 },
      ],
    });
    expect(trimmed).toEqual({
      text: 'hi you',
      entities: [
        { type: 'bold', offset: 0, length: 6 },
        { type: 'italic', offset: 3, length: 3 },
      ],
    });
  });
});
