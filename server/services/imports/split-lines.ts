/** Longest line that is read; a longer one is no line of a usage log. */
export const LINE_CHARS_MAX = 10_000;

export interface Line {
  /** From 1, as an editor counts. */
  readonly number: number;
  /** Cut off just behind `LINE_CHARS_MAX` where the line is longer. */
  readonly text: string;
}

/**
 * The lines of a UTF-8 text, some at a time as its bytes come; blank lines are left out and a byte order mark is dropped.
 * Holds one piece and one line at the most, however long a line is.
 */
export async function* splitLines(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<readonly Line[]> {
  const decoder = new TextDecoder();
  let number = 0;
  let rest = '';
  const toLines = (texts: readonly string[]): Line[] =>
    texts.map((text) => ({ number: (number += 1), text: text.endsWith('\r') ? text.slice(0, -1) : text })).filter(({ text }) => text.trim() !== '');
  for await (const piece of pieces) {
    const texts = decoder.decode(piece, { stream: true }).split('\n');
    texts[0] = rest + (texts[0] ?? '');
    rest = cut(texts.pop() ?? '');
    yield toLines(texts.map(cut));
  }
  const last = rest + decoder.decode();
  if (last !== '') yield toLines([last]);
}

function cut(text: string): string {
  return text.length > LINE_CHARS_MAX ? text.slice(0, LINE_CHARS_MAX + 1) : text;
}
