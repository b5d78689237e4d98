import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BodyTooLargeError, readBody } from '#server/ai/read-body.ts';

const NEVER = new AbortController().signal;

/** A response whose body comes in these pieces and then ends, or goes on for ever. */
function respond(pieces: readonly Uint8Array<ArrayBuffer>[], { isEndless = false } = {}) {
  const left = [...pieces];
  const state = { isCancelled: false };
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      const piece = left.shift();
      if (piece) return controller.enqueue(piece);
      if (!isEndless) return controller.close();
      return new Promise(() => undefined);
    },
    cancel() {
      state.isCancelled = true;
    },
  });
  return { response: new Response(body), state };
}

const encode = (text: string) => new TextEncoder().encode(text);

function cut(bytes: Uint8Array<ArrayBuffer>, sizes: readonly number[]): Uint8Array<ArrayBuffer>[] {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let from = 0;
  for (const size of sizes) pieces.push(bytes.slice(from, (from += size)));
  return [...pieces, bytes.slice(from)];
}

describe('readBody', () => {
  test('gives the text that was sent, wherever the network cut its bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 12 }), async (text, sizes) => {
        fc.pre(!text.startsWith('\uFEFF'));
        const { response } = respond(cut(encode(text), sizes));
        expect(await readBody(response, 10_000, NEVER)).toBe(text);
      }),
    );
  });

  test('counts bytes, not characters, against the limit: as many are read, one more is not', async () => {
    const bytes = encode('Звёзды');
    expect(bytes.byteLength).toBe(12);
    expect(await readBody(respond(cut(bytes, [5])).response, 12, NEVER)).toBe('Звёзды');
    await expect(readBody(respond(cut(bytes, [5])).response, 11, NEVER)).rejects.toBeInstanceOf(BodyTooLargeError);
  });

  test('lets go of a body that is too large instead of reading on', async () => {
    const { response, state } = respond([encode('x'.repeat(11))], { isEndless: true });
    await expect(readBody(response, 10, NEVER)).rejects.toThrow('the body is longer than 10 bytes');
    expect(state.isCancelled).toBe(true);
  });

  test('is nothing for a response without a body or with an empty one', async () => {
    expect(await readBody(new Response(null), 10, NEVER)).toBe('');
    expect(await readBody(respond([]).response, 0, NEVER)).toBe('');
  });

  test('rejects with the reason of the caller who stops it while nothing comes, and lets go', async () => {
    const { response, state } = respond([encode('half')], { isEndless: true });
    const controller = new AbortController();
    const reading = readBody(response, 10, controller.signal);
    const reason = new Error('enough');
    setImmediate(() => controller.abort(reason));
    await expect(reading).rejects.toBe(reason);
    expect(state.isCancelled).toBe(true);
  });

  test('reads nothing for a caller who stopped before', async () => {
    const { response, state } = respond([encode('late')]);
    await expect(readBody(response, 10, AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
    expect(state.isCancelled).toBe(true);
  });

  test('rejects with what the network threw, and not with the half that came', async () => {
    const broken = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull(controller) {
        controller.enqueue(encode('half'));
        controller.error(new TypeError('terminated'));
      },
    });
    await expect(readBody(new Response(broken), 100, NEVER)).rejects.toThrow('terminated');
  });

  test('leaves no listener behind on a signal that outlives it, however it ended', async () => {
    const { signal } = new AbortController();
    await readBody(respond([encode('whole')]).response, 10, signal);
    await readBody(respond([encode('too large')]).response, 1, signal).catch(() => undefined);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});
