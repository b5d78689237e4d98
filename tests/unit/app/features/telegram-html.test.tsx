import fc from 'fast-check';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { TELEGRAM_TAGS } from '#app/features/chat/parse-telegram-html.ts';
import { TelegramHtml } from '#app/features/chat/telegram-html.tsx';

function render(html: string): string {
  return renderToStaticMarkup(<TelegramHtml html={html} />);
}

function link(href: string, content: string): string {
  return `<a href="${href}" target="_blank" rel="noopener noreferrer nofollow">${content}</a>`;
}

function command(text: string): string {
  return `<button type="submit" form="chat-commands" name="text" value="${text}" class="bubble-command">${text}</button>`;
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
  ['<a href="https://example.com/?a=1&amp;b=2">go</a>', link('https://example.com/?a=1&amp;b=2', 'go')],
  ['<a href="tg://user?id=7"><b>you</b></a>', link('tg://user?id=7', '<b>you</b>')],
  ['<a>no</a>', '&lt;a&gt;no&lt;/a&gt;'],
  ['<a href="/local">no</a>', '&lt;a href=&quot;/local&quot;&gt;no&lt;/a&gt;'],
  ['<a href="https://x.y" onclick="z()">no</a>', '&lt;a href=&quot;https://x.y&quot; onclick=&quot;z()&quot;&gt;no&lt;/a&gt;'],
  ['<tg-spoiler>secret</tg-spoiler>', '<span class="spoiler" tabindex="0">secret</span>'],
  ['<pre><code class="language-js">x</code></pre>', '<pre><code>x</code></pre>'],
  ['<code class="x y">no', '&lt;code class=&quot;x y&quot;&gt;no'],
  ['<blockquote expandable>long</blockquote>', '<blockquote>long</blockquote>'],
  ['&#99999999; &unknown;', '&amp;#99999999; &amp;unknown;'],
])('%s is shown as %s', (html, markup) => {
  expect(render(html)).toBe(markup);
});

test.each([
  ['/horoscope – your day', `${command('/horoscope')} – your day`],
  ['Try <b>/tarot</b>, or /natal.', `Try <b>${command('/tarot')}</b>, or ${command('/natal')}.`],
  ['24/7, and/or, https://a.b/c /etc/passwd', '24/7, and/or, https://a.b/c /etc/passwd'],
])('a command in a text can be pressed: %s', (html, markup) => {
  expect(render(html)).toBe(markup);
});

test('whatever a message holds, nothing but bare allowed tags reaches the page', () => {
  const pieces = ['<', '>', ' /', 'b', '<a href="javascript:x">', '<tg-spoiler x>', '</a>', '/', 'i', 'script', 'img src=x onerror=y', '&lt;', '&', '"', '</b>', '<b>', '<pre>', '</pre>', ' '];
  const allowed = new RegExp(`</?(${TELEGRAM_TAGS.join('|')})>`, 'g');
  const commands = /<\/?button(?: type="submit" form="chat-commands" name="text" value="[a-z/_]+" class="bubble-command")?>/g;
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 20 }), (parts) => {
      expect(render(parts.join('')).replaceAll(commands, '').replaceAll(allowed, '')).not.toMatch(/[<>]/);
    }),
  );
});
