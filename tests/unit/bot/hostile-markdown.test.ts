import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { markdownToRuns } from '#server/bot/text/markdown.ts';
import { plainText, renderHtml } from '#server/bot/text/runs.ts';
import { splitMessage } from '#server/bot/text/split-message.ts';
import { parseHtml } from '#server/sandbox/telegram/parse-html.ts';
import { HOSTILE_READINGS } from '#tests/support/hostile-readings.ts';

/** All that a reading may look like in Telegram. */
const ALLOWED = new Set(['bold', 'italic', 'code', 'pre']);
/** Far more than a linear reading takes, far less than a backtracking one. */
const PATIENCE_MS = 3_000;

const show = (markdown: string) => parseHtml(renderHtml(markdownToRuns(markdown)));

describe('whatever a model writes', () => {
  test.each(HOSTILE_READINGS)('Telegram accepts it, and it is no link and no other markup than allowed: %j', (markdown) => {
    const { text, entities } = show(markdown);
    expect(text).toBe(plainText(markdownToRuns(markdown)));
    for (const { type } of entities) expect(ALLOWED).toContain(type);
  });

  test('Telegram reads from the HTML the very text of the runs, for any pieces of HTML and Markdown', () => {
    const pieces = [
      ...['<b>', '</b>', '<a href="https://a.example">', '</a>', '<pre><code class="language-js">', '<tg-spoiler>', '<', '&', '&amp;', '&#60;', '&lt;b&gt;'],
      ...['**', '*', '__', '_', '`', '```\n', '[a](https://a.example)', '![', '](', ')', '\n', '# ', '- ', '> ', '\\', '||', '~~', 'я', '🔮', ' '],
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 30 }), (parts) => {
        const runs = markdownToRuns(parts.join(''));
        const { text, entities } = parseHtml(renderHtml(runs));
        expect(text).toBe(plainText(runs));
        for (const { type } of entities) expect(ALLOWED).toContain(type);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a link keeps its text only', () => {
  test.each([
    ['[the stars](https://a.example "A title")', 'the stars'],
    ["[the stars](https://a.example 'A title')", 'the stars'],
    ['[the stars]( https://a.example )', 'the stars'],
    ['[the stars](<https://a.example/with space>)', 'the stars'],
    ['[Moon](https://a.example/Moon_(planet)) tonight', 'Moon tonight'],
    ['[run](javascript:alert(1))', 'run'],
    ['[me](tg://user?id=7000000001)', 'me'],
    ['[a [b] c](https://a.example)', 'a [b] c'],
    ['![The Fool](https://a.example/fool.png)', 'The Fool'],
    ['before [](https://a.example)after', 'before after'],
    ['**[bold](https://a.example)** and [**bold**](https://a.example)', 'bold and bold'],
  ])('%j', (markdown, expected) => {
    expect(show(markdown).text).toBe(expected);
  });

  test('brackets that are no link stay', () => {
    expect(show('[upright] (the card) and [Fool](The Fool)').text).toBe('[upright] (the card) and [Fool](The Fool)');
  });

  test('no address that a link hides comes to light, whatever stands around it', () => {
    const words = fc.array(fc.constantFrom('a', 'Я', '**b**', '*c*', '_d_', '(e)', '[f]', '"g"', '1 * 2', '🔮', '<i>'), { maxLength: 6 }).map((parts) => parts.join(' '));
    fc.assert(
      fc.property(words, words, words, fc.constantFrom('', ' "t"'), (before, label, after, title) => {
        expect(show(`${before} [${label}](https://hidden.example/path${title}) ${after}`).text).not.toContain('hidden.example');
      }),
    );
  });
});

describe('a heading', () => {
  test.each([
    ['## Work ##', 'Work'],
    ['# C#', 'C#'],
    ['# #', ''],
    ['#hashtag', '#hashtag'],
    ['####### seven', '####### seven'],
  ])('%j reads %j', (markdown, expected) => {
    expect(show(markdown).text).toBe(expected);
  });
});

describe('a text that goes wrong', () => {
  const repeated = ['`a` ', '**a** ', '**a ', '*a', '_a ', '[', '[](', '[a](', '[a](x ', '![a]((', '- ', '>', '***', '# ', '~~~', '< '].map((unit) => [unit]);

  test.each(repeated)('with thousands of %j is read at once and never fails', (unit) => {
    const startedAt = performance.now();
    const messages = splitMessage(markdownToRuns(`# a${unit.repeat(10_000)}x`));
    expect(performance.now() - startedAt).toBeLessThan(PATIENCE_MS);
    expect(messages.length).toBeGreaterThan(0);
  });

  test.each([
    ['a heading', `# a${' '.repeat(4_000)}x`],
    ['a heading that ends in hashes', `# a ${'#'.repeat(4_000)} x`],
    ['a rule', `${'- '.repeat(4_000)}x`],
    ['empty lines', `a${'\n '.repeat(4_000)}x`],
  ])('with thousands of spaces in %s is read at once', (_what, markdown) => {
    const startedAt = performance.now();
    splitMessage(markdownToRuns(markdown));
    expect(performance.now() - startedAt).toBeLessThan(PATIENCE_MS);
  });
});
