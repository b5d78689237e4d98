import { createWriteStream, mkdirSync, renameSync, statSync, type WriteStream } from 'node:fs';
import { dirname } from 'node:path';
import type { JournalEntry } from './control-schemas.ts';

/** Entries kept in memory for the control API; the file keeps all. */
const ENTRIES_MAX = 20_000;
/** A longer file is put aside at start as `<name>.1`, in place of the one before. */
const FILE_SIZE_BYTES_MAX = 50_000_000;

/** What a call was and how it ended. */
export type CallRecord = Omit<JournalEntry, 'sequence' | 'at'>;

/** Every call that was served, in order; in memory, and as JSON lines in a file if one is given. */
export class Journal {
  readonly #entries: JournalEntry[] = [];
  readonly #file: WriteStream | null;
  #sequence: number;

  constructor(firstSequence: number, path: string | undefined) {
    this.#sequence = firstSequence;
    if (path) {
      mkdirSync(dirname(path), { recursive: true });
      if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > FILE_SIZE_BYTES_MAX) renameSync(path, `${path}.1`);
    }
    this.#file = path ? createWriteStream(path, { flags: 'a' }) : null;
    // A full disk must not end the stand-in; the journal in memory goes on.
    this.#file?.on('error', () => undefined);
  }

  record(call: CallRecord): void {
    const entry = { sequence: this.#sequence++, at: new Date().toISOString(), ...call };
    this.#entries.push(entry);
    if (this.#entries.length > ENTRIES_MAX) this.#entries.shift();
    this.#file?.write(`${JSON.stringify(entry)}\n`);
  }

  /** Entries after a sequence, of one chat if asked. */
  list(after: number, chatId: number | undefined): JournalEntry[] {
    return this.#entries.filter((entry) => entry.sequence > after && (chatId === undefined || entry.chatId === chatId));
  }

  /** Resolves when all lines are in the file. */
  close(): Promise<void> {
    const file = this.#file;
    if (!file || file.destroyed || file.writableEnded) return Promise.resolve();
    return new Promise((resolve) => file.end(() => resolve()).once('error', () => resolve()));
  }
}
