import { AppError } from '#server/errors.ts';
import type { NewJournalEntry } from '../openrouter/journal-entry.ts';

const BATCH_SIZE = 200;
const TIMEOUT_MS = 10_000;

/** Gives the OpenRouter stand-in the billed calls of the past, so that what it says of the key's usage includes them. */
export async function importJournal(controlUrl: string, entries: readonly NewJournalEntry[]): Promise<void> {
  for (let from = 0; from < entries.length; from += BATCH_SIZE) {
    const response = await fetch(`${controlUrl}/journal`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ entries: entries.slice(from, from + BATCH_SIZE) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) throw new AppError('unavailable', 'The OpenRouter stand-in did not take its past.');
  }
}
