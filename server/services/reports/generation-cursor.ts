import { z } from 'zod';
import type { GenerationPlace } from '#db/queries/generations.ts';
import { AppError } from '#server/errors.ts';

/** Postgres knows no year 0. */
const Place = z.tuple([z.iso.datetime({ precision: 6 }).refine((text) => !text.startsWith('0000')), z.guid()]);

/** A place in the list of generations as one opaque word. */
export function encodeCursor({ startedAt, requestId }: GenerationPlace): string {
  return Buffer.from(`${startedAt} ${requestId}`).toString('base64url');
}

/** The place behind a cursor. Throws `AppError` `bad_input` for a word that `encodeCursor` never gave. */
export function decodeCursor(cursor: string): GenerationPlace {
  const place = Place.safeParse(Buffer.from(cursor, 'base64url').toString('utf8').split(' '));
  if (!place.success) throw new AppError('bad_input', 'cursor is not one that this list gave out', place.error);
  const [startedAt, requestId] = place.data;
  return { startedAt, requestId };
}
