import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { addUsd } from '#server/lib/money.ts';
import { JournalEntry, NewJournalEntry } from './journal-entry.ts';
import { UsageByDay } from './usage-by-day.ts';

/**
 * Everything that was served and billed, in memory and, when a file is given, appended to it as JSON lines before the
 * client hears of it: what the journal says outlives the process.
 */
export class Journal {
  readonly usage = new UsageByDay();
  readonly #file: string | null;
  readonly #entries: JournalEntry[] = [];
  readonly #byGenerationId = new Map<string, JournalEntry>();
  #totalUsd = '0';

  constructor(file: string | null) {
    this.#file = file;
    if (file === null || !existsSync(file)) return;
    const text = readFileSync(file, 'utf8');
    // A line that a crash cut off must not swallow the next entry.
    if (text !== '' && !text.endsWith('\n')) appendFileSync(file, '\n');
    for (const line of text.split('\n')) {
      const entry = readLine(line);
      if (entry) this.#keep(entry);
    }
  }

  /** What all entries cost together; exact. */
  get totalUsd(): string {
    return this.#totalUsd;
  }

  /** Numbers and writes one entry. */
  record(entry: NewJournalEntry): JournalEntry {
    const [recorded] = this.import([entry]);
    if (!recorded) throw new Error('the journal lost an entry');
    return recorded;
  }

  /** Numbers and writes entries, also of the past, in the order given. */
  import(entries: readonly NewJournalEntry[]): JournalEntry[] {
    const first = this.#entries.length + 1;
    const numbered = entries.map((entry, index) => ({ sequence: first + index, ...NewJournalEntry.parse(entry) }));
    if (this.#file !== null) appendFileSync(this.#file, numbered.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    for (const entry of numbered) this.#keep(entry);
    return numbered;
  }

  /** Entries whose sequence is greater than `after`, oldest first. */
  list(after = 0): readonly JournalEntry[] {
    return this.#entries.slice(after);
  }

  /** The entry of a generation; undefined when there is none. */
  find(generationId: string): JournalEntry | undefined {
    return this.#byGenerationId.get(generationId);
  }

  #keep(entry: JournalEntry): void {
    this.#entries.push({ ...entry, sequence: this.#entries.length + 1 });
    if (entry.generationId !== null) this.#byGenerationId.set(entry.generationId, entry);
    if (entry.outcome !== 'billed') return;
    this.#totalUsd = addUsd(this.#totalUsd, entry.costUsd);
    this.usage.add(entry);
  }
}

/** A line that was cut by a crash is no entry. */
function readLine(line: string): JournalEntry | null {
  if (line.trim() === '') return null;
  try {
    return JournalEntry.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}
