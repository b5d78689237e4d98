import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from '#server/errors.ts';
import type { LogSource } from '#server/services/imports/types.ts';

const PIECE_BYTES = 128 * 1024;

/** Finds a log; what is written to it from now on is left to the next import. Throws `not_found` or `bad_input`. */
export async function openLog(path: string): Promise<LogSource> {
  const stats = await stat(path).catch((error: unknown) => {
    throw new AppError('not_found', `The file ${path} cannot be read.`, error);
  });
  if (!stats.isFile()) throw new AppError('bad_input', `${path} is not a file.`);
  const sizeBytes = stats.size;
  return {
    name: basename(path),
    sizeBytes,
    open: () => (sizeBytes === 0 ? nothing() : createReadStream(path, { end: sizeBytes - 1, highWaterMark: PIECE_BYTES })),
  };
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  // An empty range cannot be asked of a stream.
}
