import { pipeline } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { Response } from 'express';
import type { ByteSource } from '#server/contracts/export.ts';

/** Whoever takes nothing for so long has gone without saying so. */
export const STALLED_MS = 60_000;

export interface PaceOptions {
  readonly isCompressed: boolean;
  /** Told when the source fails before its end. */
  readonly onFault: () => void;
  readonly stalledMs?: number;
}

/**
 * The bytes of a source as the body of a response, at the pace of its reader: Remix alone would write all of it into memory,
 * and go on when nobody is there any more. When the reader goes, the source is destroyed; when the source fails, so does the
 * body, which breaks the connection. The body must not be compressed on its way: what waits there is out of sight.
 */
export function paceBody(res: Response, source: ByteSource, { isCompressed, onFault, stalledMs = STALLED_MS }: PaceOptions): ReadableStream<Uint8Array> {
  // Compressed here, where a full pipe is felt. How it ends is told by reading.
  const stream: AsyncIterable<Uint8Array> = isCompressed ? pipeline(source, createGzip(), () => undefined) : source;
  const pieces = stream[Symbol.asyncIterator]();
  const leave = () => source.destroy();
  if (res.destroyed) leave();
  else res.once('close', leave);
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          await untilTaken(res, stalledMs);
          const next = res.destroyed ? null : await pieces.next();
          if (next === null || next.done) controller.close();
          else controller.enqueue(next.value);
        } catch (error) {
          if (res.destroyed) return controller.close();
          onFault();
          controller.error(error);
        }
      },
      cancel: leave,
    },
    { highWaterMark: 0 },
  );
}

/** Waits while what was written has not gone out; a connection that takes nothing for too long is closed. */
function untilTaken(res: Response, stalledMs: number): Promise<void> {
  if (res.destroyed || !res.writableNeedDrain) return Promise.resolve();
  return new Promise((resolve) => {
    const settle = () => {
      clearTimeout(timer);
      res.off('drain', settle).off('close', settle);
      resolve();
    };
    const timer = setTimeout(() => res.destroy(), stalledMs);
    res.once('drain', settle).once('close', settle);
  });
}
