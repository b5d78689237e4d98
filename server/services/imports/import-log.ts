import type postgres from 'postgres';
import type { Database } from '#db/client.ts';
import { type Clock, systemClock } from '#server/lib/clock.ts';
import { recountBudgets } from '../budgets/recount.ts';
import { countPasses, createIdentify } from './identify-entry.ts';
import { PriceBook } from './price-book.ts';
import { readEntries } from './read-entries.ts';
import type { ImportOptions, ImportProgress, ImportSummary, LogSource, Refusal } from './types.ts';
import { RowWriter } from './row-writer.ts';

export interface ImportDeps {
  readonly db: Database;
  /** A client that drizzle does not use. */
  readonly sql: postgres.Sql;
  /** Whose days budgets count; UTC unless given. */
  readonly reportingTimeZone?: string;
  readonly clock?: Clock;
}

export interface ImportInput {
  readonly source: LogSource;
  readonly options: ImportOptions;
  readonly onRefused: (refusal: Refusal) => void;
  readonly onProgress?: (progress: ImportProgress) => void;
  /** Stops after the piece in hand; what is in stays in. */
  readonly signal?: AbortSignal;
  /** Rows per statement. */
  readonly batchSize?: number;
  /** How often the log is read; more often for less memory. */
  readonly passCount?: number;
}

const BATCH_SIZE = 4_000;

/**
 * Replays a usage log into the ledger, in memory that does not grow with the log. Lines that cannot be read are told and
 * skipped; rows that are in the ledger already stay as they are. Throws `bad_input` when the header is not understood.
 */
export async function importLog(deps: ImportDeps, input: ImportInput): Promise<ImportSummary> {
  const { source, options } = input;
  const prices = new PriceBook(deps.db, options.usesEarliestPrice);
  const writer = new RowWriter({ sql: deps.sql, prices, options, importedFrom: source.name, batchSize: input.batchSize ?? BATCH_SIZE });
  const passCount = input.passCount ?? countPasses(source.sizeBytes);
  const counts = { bytesRead: 0, bytesTotal: source.sizeBytes * passCount, lineCount: 0, refusedCount: 0 };
  for (let passIndex = 0; passIndex < passCount && !input.signal?.aborted; passIndex += 1) {
    await runPass(input, { passIndex, passCount, writer, counts });
  }
  await writer.end();
  // Rows of the running periods count in their budgets, also those of an import that was stopped half-way.
  if (!options.isDryRun) await recountBudgets(deps.db, deps.reportingTimeZone ?? 'UTC', (deps.clock ?? systemClock).now());
  return { newCount: writer.newCount, knownCount: writer.knownCount, refusedCount: counts.refusedCount, isComplete: !input.signal?.aborted };
}

interface Pass {
  readonly passIndex: number;
  readonly passCount: number;
  readonly writer: RowWriter;
  readonly counts: { bytesRead: number; readonly bytesTotal: number; lineCount: number; refusedCount: number };
}

async function runPass({ source, signal, onRefused, onProgress }: ImportInput, { passIndex, passCount, writer, counts }: Pass): Promise<void> {
  const identify = createIdentify({ sizeBytes: source.sizeBytes, passIndex, passCount });
  const countBytes = (piece: Uint8Array) => (counts.bytesRead += piece.length);
  for await (const { entries, refusals } of readEntries(tap(source.open(), countBytes))) {
    if (signal?.aborted) return;
    // Every pass reads every line; the first speaks of what cannot be read.
    if (passIndex === 0) for (const refusal of refusals) onRefused(refusal);
    if (passIndex === 0) counts.refusedCount += refusals.length;
    for (const entry of entries) {
      const requestId = identify(entry);
      if (requestId !== null) await writer.add({ ...entry, requestId });
    }
    counts.lineCount += entries.length + refusals.length;
    onProgress?.(counts);
  }
}

async function* tap<T>(items: AsyncIterable<T>, see: (item: T) => void): AsyncGenerator<T> {
  for await (const item of items) {
    see(item);
    yield item;
  }
}
