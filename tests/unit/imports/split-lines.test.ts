import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LINE_CHARS_MAX, splitLines, type Line } from '#server/services/imports/split-lines.ts';

async function* inPieces(bytes: Uint8Array, pieceBytes: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += pieceBytes) yield bytes.subarray(from, from + pieceBytes);
}

async function split(text: string | Uint8Array, pieceBytes = 7): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const some of splitLines(inPieces(Buffer.from(text), pieceBytes))) lines.push(...some);
  return lines;
}

test('lines are the same in whatever pieces the bytes come, inside a letter too', async () => {
  const texts = fc.array(fc.constantFrom('a', 'ё', '🔮', ',', '\r\n', '\n', ' ')).map((parts) => parts.join(''));
  await fc.assert(
    fc.asyncProperty(texts, fc.integer({ min: 1, max: 9 }), async (text, pieceBytes) => {
      expect(await split(text, pieceBytes)).toEqual(await split(text, 1_000_000));
    }),
  );
});

test('lines are counted as an editor counts them, and blank ones are counted and left out', async () => {
  expect(await split('a\r\n\r\n  \nb')).toEqual([
    { number: 1, text: 'a' },
    { number: 4, text: 'b' },
  ]);
});

test('a last line is a line with and without its end', async () => {
  expect(await split('a\nb')).toEqual(await split('a\nb\n'));
});

test('a byte order mark is no part of the first line', async () => {
  expect(await split('\uFEFFtimestamp')).toEqual([{ number: 1, text: 'timestamp' }]);
});

test('bytes that are no text become signs of replacement', async () => {
  expect((await split(new Uint8Array([0x61, 0xff, 0x62])))[0]?.text).toBe('a\uFFFDb');
});

test('a line without end is cut off behind the limit, and the next line is whole', async () => {
  const [long, next] = await split(`${'x'.repeat(LINE_CHARS_MAX * 3)}\nnext\n`, 512);
  expect(long?.text).toHaveLength(LINE_CHARS_MAX + 1);
  expect(next).toEqual({ number: 2, text: 'next' });
});

test('a line of just the limit is left as it is', async () => {
  expect((await split('x'.repeat(LINE_CHARS_MAX), 512))[0]?.text).toHaveLength(LINE_CHARS_MAX);
});

test('no bytes are no lines', async () => {
  expect(await split('')).toEqual([]);
});
