import { z } from 'zod';
import type { IncidentPlace } from '#db/queries/incidents.ts';
import { AppError } from '#server/errors.ts';

const Place = z.tuple([z.coerce.date(), z.coerce.number().pipe(z.int().positive())]);

/** A place in the list of incidents as one opaque word. */
export function encodePlace({ startedAt, id }: IncidentPlace): string {
  return Buffer.from(`${startedAt.toISOString()} ${id}`).toString('base64url');
}

/** The place behind a cursor. Throws `AppError` `bad_input` for a word that `encodePlace` never gave. */
export function decodePlace(cursor: string): IncidentPlace {
  const words = Buffer.from(cursor, 'base64url').toString('utf8').split(' ');
  const place = Place.safeParse(words);
  if (place.success) {
    const [startedAt, id] = place.data;
    // Postgres knows fewer years than a Date, and what reads alike is not always the same word.
    if (encodePlace({ startedAt, id }) === cursor && startedAt.getUTCFullYear() >= 2000 && startedAt.getUTCFullYear() < 2200) return { startedAt, id };
  }
  throw new AppError('bad_input', 'cursor is not one that this list gave out', place.error);
}
