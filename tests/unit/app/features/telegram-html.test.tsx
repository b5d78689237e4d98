import fc from 'fast-check';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { TELEGRAM_TAGS } from '#app/features/chat/parse-telegram-html.ts';
import { TelegramHtml } from '#app/features/chat/telegram-html.tsx';

function render(html: string): string {
  return renderToStaticMarkup(<TelegramHtml html={html} />);
}

test.each([
  ['plain', 'plain'],
  ['<b>Bold</b> and <i>italic</i>', '<b>Bold</b> and <i>italic</i>'],
  ['<blockquote><b>deep</b></blockquote>', '<blockquote><b>deep</b></blockquote>'],
  ['a &lt;b&gt; &amp;amp; &quot;q&quot; &#10024;', 'a &lt;b&gt; &amp;amp; &quot;q&quot; ✨'],
  ['<b>open', '<b>open</b>'],
  ['never opened</b>', 'never opened&lt;/b&gt;'],
  ['<b>cross<i>ed</b></i>', '<b>cross<i>ed&lt;/b&gt;</i></b>'],
  ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
  ['<b onclick="x()">no</b>', '&lt;b onclick=&quot;x()&quot;&gt;no&lt;/b&gt;'],
  ['<a href="javascript:x">no</a>', '&lt;a href=&quot;javascript:x&quot;&gt;no&lt;/a&gt;'],
  ['&#99999999; &unknown;', '&amp;#99999999; &amp;unknown;'],
])('%s is shown as %s', (html, markup) => {
  expect(render(html)).toBe(markup);
});

test('whatever a message holds, nothing but bare allowed tags reaches the page', () => {
  const pieces = ['<', '>', '/', 'b', 'i', 'script', 'img src=x onerror=y', '&lt;', '&', '"', '</b>', '<b>', '<pre>', '</pre>', ' '];
  const allowed = new RegExp(`</?(${TELEGRAM_TAGS.join('|')})>`, 'g');
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 20 }), (parts) => {
      expect(render(parts.join('')).replaceAll(allowed, '')).not.toMatch(/[<>]/);
    }),
  );
});
