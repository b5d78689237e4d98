import { AppError } from '#server/errors.ts';
import { Fault } from './fault.ts';
import { parseEntry } from './parse-entry.ts';
import { parseRecords } from './parse-records.ts';
import { readHeader, type Header } from './read-header.ts';
import { LINE_CHARS_MAX, splitLines, type Line } from './split-lines.ts';
import type { LogEntry, Refusal } from './types.ts';

const EXCERPT_CHARS_MAX = 200;

/** What a piece of a log holds. */
export interface ReadPiece {
  readonly entries: readonly LogEntry[];
  readonly refusals: readonly Refusal[];
}

/** Reads a log as its bytes come. Throws `bad_input` when its first line is no header that is understood. */
export async function* readEntries(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<ReadPiece> {
  let header: Header | undefined;
  for await (const lines of splitLines(pieces)) {
    const [first, ...others] = lines;
    if (first === undefined) continue;
    if (header) yield readPiece(header, lines);
    else {
      header = readHeader(parseRecords([first])[0] ?? [first.text]);
      yield readPiece(header, others);
    }
  }
  if (!header) throw new AppError('bad_input', 'The log is empty: not even a header is in it.');
}

function readPiece(header: Header, lines: readonly Line[]): ReadPiece {
  const entries: LogEntry[] = [];
  const refusals: Refusal[] = [];
  const refuse = ({ number, text }: Line, reason: string) => refusals.push({ lineNumber: number, reason, excerpt: text.slice(0, EXCERPT_CHARS_MAX) });
  const readable = lines.filter((line) => {
    const reason = findFlaw(line.text);
    if (reason !== null) refuse(line, reason);
    return reason === null;
  });
  const records = parseRecords(readable);
  for (const [index, line] of readable.entries()) {
    const fields = records[index];
    const entry = fields ? parseEntry(header, fields) : new Fault('is not CSV: a quote is out of place');
    if (entry instanceof Fault) refuse(line, entry.reason);
    else entries.push(entry);
  }
  return { entries, refusals: refusals.sort((a, b) => a.lineNumber - b.lineNumber) };
}

/** What makes a line unfit to be looked into. */
function findFlaw(text: string): string | null {
  if (text.length > LINE_CHARS_MAX) return `is longer than ${LINE_CHARS_MAX.toLocaleString('en')} characters`;
  return text.includes('\0') ? 'has a NUL byte' : null;
}
