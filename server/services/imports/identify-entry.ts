import { hash } from 'node:crypto';
import { OccurrenceCounter } from './occurrence-counter.ts';
import type { LogEntry } from './types.ts';

/** The shortest line that can be an entry: `2000-01-01 00:00,0,0` and its end. */
const LINE_BYTES_MIN = 21;
/** How many different lines one pass keeps in mind: 96 MB of counters. */
const LINES_PER_PASS_MAX = 5_500_000;
const FINGERPRINT_OFFSET = 16;

/** How often a log of this size must be read so that counting its lines takes a bounded memory. */
export function countPasses(sizeBytes: number, linesPerPassMax = LINES_PER_PASS_MAX): number {
  return Math.max(1, Math.ceil(sizeBytes / LINE_BYTES_MIN / linesPerPassMax));
}

/** Gives the request id of an entry, or null when it is the turn of this entry in another pass. */
export type Identify = (entry: LogEntry) => string | null;

/**
 * Request ids that depend on what a line says and on how many lines before it say the same, and on nothing else: the same
 * log gives the same ids again, and so does a log that grew, wherever it grew. Entries are spread over the passes by their
 * values, equal ones together.
 */
export function createIdentify({ sizeBytes, passIndex, passCount }: { sizeBytes: number; passIndex: number; passCount: number }): Identify {
  const lineCountMax = Math.ceil(sizeBytes / LINE_BYTES_MIN) + 1;
  // A pass gets its share of the different lines, give or take what chance does to a share.
  const counter = new OccurrenceCounter(passCount === 1 ? lineCountMax : Math.ceil((lineCountMax / passCount) * 1.1) + 1_000);
  return (entry) => {
    const values = JSON.stringify([entry.at, entry.promptTokens, entry.completionTokens, entry.model, entry.operation, entry.user, entry.costUsd]);
    const digest = digestOf(values, 0);
    const low = digest.readUInt32LE(FINGERPRINT_OFFSET);
    if (low % passCount !== passIndex) return null;
    const occurrence = counter.take(low, digest.readUInt32LE(FINGERPRINT_OFFSET + 4));
    return buildRequestId(entry.atMs, occurrence === 0 ? digest : digestOf(values, occurrence));
  };
}

function digestOf(values: string, occurrence: number): Buffer {
  return hash('sha256', `${values}#${occurrence}`, 'buffer');
}

/** A UUIDv7 of this time with the first 74 bits that the digest has to give. */
export function buildRequestId(atMs: number, digest: Uint8Array): string {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(atMs, 0, 6);
  bytes.set(digest.subarray(0, 10), 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
