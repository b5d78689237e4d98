/** One line of a usage log, checked; what the log does not say is null. */
export interface LogEntry {
  /** UTC with the fraction as the log gives it, without trailing zeros. */
  readonly at: string;
  /** The same instant, cut off to milliseconds. */
  readonly atMs: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly model: string | null;
  readonly operation: string | null;
  readonly user: string | null;
  /** US dollars as the ledger writes them. */
  readonly costUsd: string | null;
}

/** An entry and the request id that its values and its place among its equals give it. */
export interface IdentifiedEntry extends LogEntry {
  readonly requestId: string;
}

/** A line that cannot be in the ledger, and why. */
export interface Refusal {
  readonly lineNumber: number;
  readonly reason: string;
  /** The beginning of the line. */
  readonly excerpt: string;
}

export interface LogSource {
  /** The base name of the file. */
  readonly name: string;
  readonly sizeBytes: number;
  /** Reads the log from its beginning; the same bytes every time. */
  open(): AsyncIterable<Uint8Array>;
}

export interface ImportOptions {
  /** For lines that name no model. */
  readonly model: string | null;
  /** For lines that name no operation. */
  readonly operation: string | null;
  /** A call from before the first known price is estimated by that price. */
  readonly usesEarliestPrice: boolean;
  /** Reads and counts, writes nothing. */
  readonly isDryRun: boolean;
}

export interface ImportProgress {
  readonly bytesRead: number;
  readonly bytesTotal: number;
  readonly lineCount: number;
}

export interface ImportSummary {
  readonly newCount: number;
  /** Lines whose row was in the ledger before. */
  readonly knownCount: number;
  readonly refusedCount: number;
  /** False when the import was stopped before the end of the log. */
  readonly isComplete: boolean;
}
