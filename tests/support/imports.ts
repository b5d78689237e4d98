import { asc } from 'drizzle-orm';
import type { DatabaseHandle } from '#db/client.ts';
import { aiUsage, type AiUsage } from '#db/schema/index.ts';
import { importLog, type ImportInput } from '#server/services/imports/import-log.ts';
import type { ImportOptions, ImportSummary, LogSource, Refusal } from '#server/services/imports/types.ts';

export const NO_OPTIONS: ImportOptions = { model: null, operation: null, usesEarliestPrice: false, isDryRun: false };

/** A log whose bytes come in pieces, as they come from a disk. */
export function logOf(content: string | Uint8Array, pieceBytes = 1_000, name = 'usage.csv'): LogSource {
  const bytes = Buffer.from(content);
  async function* open(): AsyncGenerator<Uint8Array> {
    for (let from = 0; from < bytes.length; from += pieceBytes) yield bytes.subarray(from, from + pieceBytes);
  }
  return { name, sizeBytes: bytes.length, open };
}

export interface TextImport extends Partial<Omit<ImportInput, 'options' | 'onRefused'>> {
  readonly options?: Partial<ImportOptions>;
}

/** Imports a text; gives what came of it, the refused lines as `number: reason` among it. */
export async function importText(handle: DatabaseHandle, text: string, input: TextImport = {}): Promise<ImportSummary & { refused: string[] }> {
  const refused: string[] = [];
  const onRefused = ({ lineNumber, reason }: Refusal) => refused.push(`${lineNumber}: ${reason}`);
  const summary = await importLog(handle, { source: logOf(text), ...input, options: { ...NO_OPTIONS, ...input.options }, onRefused });
  return { ...summary, refused };
}

/** What is in the ledger, in the order of request ids. */
export function readLedger({ db }: DatabaseHandle): Promise<AiUsage[]> {
  return db.select().from(aiUsage).orderBy(asc(aiUsage.requestId));
}
