import { parse } from 'csv-parse/sync';
import type { Database } from '#db/client.ts';
import { fixedClock } from '#server/lib/clock.ts';
import { openExport, type ExportDeps } from '#server/services/exports/open-export.ts';
import { Slots } from '#server/services/exports/slots.ts';

/** All that comes, in its order. */
export async function collect<Piece>(pieces: AsyncIterable<Piece>): Promise<Piece[]> {
  const all: Piece[] = [];
  for await (const piece of pieces) all.push(piece);
  return all;
}

/** What exports are made with, at a fixed moment. */
export function exportDeps(db: Database, now: Date, reportingTimeZone = 'UTC'): ExportDeps {
  return { db, clock: fixedClock(now), reportingTimeZone, slots: new Slots() };
}

/** The whole file of an export. */
export async function download(deps: ExportDeps, name: string, query = '', adminId = 1) {
  const { source, ...file } = await openExport(deps, { name, query: new URLSearchParams(query), language: 'en' }, adminId);
  const bytes = Buffer.concat(await collect(source));
  return { ...file, bytes, text: bytes.toString('utf8') };
}

/** A CSV file as its head and its rows by their heads. */
export function readCsv(text: string): { readonly headers: readonly string[]; readonly rows: readonly Readonly<Record<string, string>>[] } {
  const [headers = [], ...rows]: string[][] = parse(text, { bom: true });
  return { headers, rows: rows.map((cells) => Object.fromEntries(headers.map((header, index) => [header, cells[index] ?? '']))) };
}
