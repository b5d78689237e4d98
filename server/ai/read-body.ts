/** A response body that is longer than it may be. */
export class BodyTooLargeError extends Error {
  constructor(sizeMaxBytes: number) {
    super(`the body is longer than ${sizeMaxBytes} bytes`);
    this.name = 'BodyTooLargeError';
  }
}

/**
 * Reads a body as text. Rejects with `BodyTooLargeError` beyond `sizeMaxBytes`, with the signal's reason when it aborts
 * (the stream is let go of then), and with what the network throws when the connection breaks. Tells of each piece of text
 * as it comes in.
 */
export async function readBody(
  response: Response,
  sizeMaxBytes: number,
  signal: AbortSignal,
  onText: (text: string) => void = () => undefined,
): Promise<string> {
  if (!response.body) return '';
  const reader: ReadableStreamDefaultReader<Uint8Array> = response.body.getReader();
  const letGo = (): void => void reader.cancel().catch(() => undefined);
  signal.addEventListener('abort', letGo, { once: true });
  try {
    const decoder = new TextDecoder();
    let text = '';
    let sizeBytes = 0;
    for (;;) {
      signal.throwIfAborted();
      const { done, value } = await reader.read();
      // A cancelled stream ends as if it were complete.
      signal.throwIfAborted();
      if (done) return text + decoder.decode();
      sizeBytes += value.byteLength;
      if (sizeBytes > sizeMaxBytes) throw new BodyTooLargeError(sizeMaxBytes);
      const piece = decoder.decode(value, { stream: true });
      onText(piece);
      text += piece;
    }
  } finally {
    signal.removeEventListener('abort', letGo);
    letGo();
  }
}
