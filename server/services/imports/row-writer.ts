import type postgres from 'postgres';
import { assessCost } from './assess-cost.ts';
import { countNew, insertEntries, type ImportedRow } from './insert-entries.ts';
import type { PriceBook } from './price-book.ts';
import type { IdentifiedEntry, ImportOptions } from './types.ts';

/** What the ledger says where neither the log nor who imports it names a model or an operation. */
const MODEL_UNKNOWN = 'unknown';
const OPERATION_IMPORTED = 'imported';

interface RowWriterDeps {
  readonly sql: postgres.Sql;
  readonly prices: PriceBook;
  readonly options: ImportOptions;
  readonly importedFrom: string;
  readonly batchSize: number;
}

/** Gathers entries and writes them batch by batch; while one batch is on its way, the next is gathered. */
export class RowWriter {
  newCount = 0;
  knownCount = 0;
  readonly #deps: RowWriterDeps;
  #batch: IdentifiedEntry[] = [];
  #writing: Promise<void> = Promise.resolve();

  constructor(deps: RowWriterDeps) {
    this.#deps = deps;
  }

  /** Takes an entry; rejects when an earlier batch could not be written. */
  async add(entry: IdentifiedEntry): Promise<void> {
    this.#batch.push(entry);
    if (this.#batch.length >= this.#deps.batchSize) await this.#flush();
  }

  /** Writes what is left and waits until all is written. */
  async end(): Promise<void> {
    await this.#flush();
    await this.#writing;
  }

  async #flush(): Promise<void> {
    await this.#writing;
    const batch = this.#batch;
    this.#batch = [];
    if (batch.length === 0) return;
    this.#writing = this.#write(batch);
    // Whoever waits for the batch next is told of its failure; until then it is nobody's.
    this.#writing.catch(() => undefined);
  }

  async #write(entries: readonly IdentifiedEntry[]): Promise<void> {
    const { sql, prices, options, importedFrom } = this.#deps;
    const named = entries.map((entry) => ({
      ...entry,
      model: entry.model ?? options.model ?? MODEL_UNKNOWN,
      operation: entry.operation ?? options.operation ?? OPERATION_IMPORTED,
    }));
    await prices.load(new Set(named.map(({ model }) => model)));
    const rows: ImportedRow[] = named.map((entry) => ({ ...entry, ...assessCost(entry, prices.find(entry.model, entry.atMs)) }));
    const newCount = options.isDryRun ? await countNew(sql, rows) : await insertEntries(sql, rows, importedFrom);
    this.newCount += newCount;
    this.knownCount += rows.length - newCount;
  }
}
