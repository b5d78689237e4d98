import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createRandom } from '#server/sandbox/random.ts';
import { sampleArrivalGap, sampleCompletionTokens, samplePromptTokens } from '#server/sandbox/trace-shape.ts';

const STARTS_AT_MS = Date.UTC(2025, 0, 1);
/** A year of a million lines. */
const MEAN_GAP_MS = 31_536;
const LINES_PER_PIECE = 2_000;
/** A log of the Azure kind counts in tenths of a microsecond. */
const TICKS_PER_MS = 10_000;

/** Writes a usage log with the header and the shape of the Azure trace: the same seed, the same log. */
export async function generateLog(path: string, lineCount: number, seed: number): Promise<void> {
  await pipeline(Readable.from(generatePieces(lineCount, seed)), createWriteStream(path));
}

function* generatePieces(lineCount: number, seed: number): Generator<string> {
  const random = createRandom(`usage-log/${seed}`);
  let atMs = STARTS_AT_MS;
  yield 'TIMESTAMP,ContextTokens,GeneratedTokens\n';
  for (let written = 0; written < lineCount; written += LINES_PER_PIECE) {
    const lines = Array.from({ length: Math.min(LINES_PER_PIECE, lineCount - written) }, () => {
      atMs += sampleArrivalGap(random) * MEAN_GAP_MS;
      return `${formatTimestamp(atMs)},${samplePromptTokens(random)},${sampleCompletionTokens(random)}\n`;
    });
    yield lines.join('');
  }
}

/** `2025-01-01 00:00:31.5360000` */
function formatTimestamp(atMs: number): string {
  const ticks = String(Math.floor((atMs % 1_000) * TICKS_PER_MS)).padStart(7, '0');
  return `${new Date(atMs).toISOString().slice(0, 19).replace('T', ' ')}.${ticks}`;
}
