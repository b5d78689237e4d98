import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { markdownToRuns } from '#server/bot/text/markdown.ts';
import { plainText, renderHtml, sliceRuns } from '#server/bot/text/runs.ts';

const html = (markdown: string) => renderHtml(markdownToRuns(markdown));
const TAG = /<\/?(?:b|i|code|pre)>/g;

describe('light Markdown becomes Telegram HTML', () => {
  test.each([
    ['plain words', 'plain words'],
    ['**bold** and __bold__', '<b>bold</b> and <b>bold</b>'],
    ['*italic* and _italic_', '<i>italic</i> and <i>italic</i>'],
    ['***both***', '<b><i>both</i></b>'],
    ['**bold with *italic* inside**', '<b>bold with </b><b><i>italic</i></b><b> inside</b>'],
    ['# Your day', '<b>Your day</b>'],
    ['### **Work** ###', '<b>Work</b>'],
    ['- one\n- two\n* three\n+ four', '• one\n• two\n• three\n• four'],
    ['1. first\n2. second', '1. first\n2. second'],
    ['> quoted', 'quoted'],
    ['`x < y`', '<code>x &lt; y</code>'],
    ['before\n```js\nif (a && b) {}\n```\nafter', 'before\n<pre>if (a &amp;&amp; b) {}</pre>\nafter'],
    ['see [the stars](https://example.org)', 'see the stars'],
    ['one\n\n---\n\ntwo', 'one\n\n\n\ntwo'],
    ['**Карты** говорят: *да*', '<b>Карты</b> говорят: <i>да</i>'],
  ])('%j', (markdown, expected) => {
    expect(html(markdown)).toBe(expected);
  });

  test('what a model did not close leaves no mark behind', () => {
    expect(html('a **half bold')).toBe('a half bold');
    expect(html('a `half code')).toBe('a half code');
    expect(html('```\nnever closed')).toBe('<pre>never closed</pre>');
  });

  test('signs that are no marks stay', () => {
    expect(html('2 * 3 * 4 = 24')).toBe('2 * 3 * 4 = 24');
    expect(html('2*3*4')).toBe('2*3*4');
    expect(html('snake_case_name')).toBe('snake_case_name');
    expect(html('5 > 3 & 2 < 4')).toBe('5 &gt; 3 &amp; 2 &lt; 4');
  });

  test('HTML of a model is shown, never interpreted', () => {
    expect(html('<b>x</b><script>alert(1)</script>')).toBe('&lt;b&gt;x&lt;/b&gt;&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  test('characters that nobody can store or send are dropped', () => {
    expect(html('a\u0000b\ud800c')).toBe('ab\ufffdc');
  });
});

const wild = fc.string({ unit: fc.constantFrom('*', '_', '`', '#', '-', '<', '>', '&', ' ', '\n', 'a', 'Я', '😀', '[', ']', '(', ')', '~') });

test('whatever a model writes, tags are balanced and everything else is escaped', () => {
  fc.assert(
    fc.property(wild, (markdown) => {
      const rendered = html(markdown);
      const open: string[] = [];
      for (const [tag] of rendered.matchAll(TAG)) {
        if (tag.startsWith('</')) expect(open.pop()).toBe(tag.slice(2, -1));
        else open.push(tag.slice(1, -1));
      }
      expect(open).toEqual([]);
      expect(rendered.replace(TAG, '')).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
    }),
  );
});

test.each(['_`_a', 'a *__* b', 'a *_`_* b'])('stray marks of %s that meet when others go are not left as a double one', (markdown) => {
  expect(plainText(markdownToRuns(markdown))).not.toMatch(/\*\*|__|`/);
});

test('whatever a model writes, no double mark stays visible outside code', () => {
  fc.assert(
    fc.property(wild, (markdown) => {
      const outsideCode = markdownToRuns(markdown).filter(({ tags }) => !tags.includes('code') && !tags.includes('pre'));
      for (const { text } of outsideCode) expect(text).not.toMatch(/\*\*|__|`/);
    }),
  );
});

test('plain text and HTML say the same', () => {
  fc.assert(
    fc.property(wild, (markdown) => {
      const runs = markdownToRuns(markdown);
      const shown = renderHtml(runs).replace(TAG, '').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
      expect(shown).toBe(plainText(runs));
    }),
  );
});

test('a slice of runs is the slice of their text', () => {
  const runs = markdownToRuns('one **two** three *four*');
  const text = plainText(runs);
  fc.assert(
    fc.property(fc.nat(text.length), fc.nat(text.length), (from, to) => {
      expect(plainText(sliceRuns(runs, from, Math.max(from, to)))).toBe(text.slice(from, Math.max(from, to)));
    }),
  );
});
