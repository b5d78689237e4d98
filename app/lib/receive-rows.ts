import { ROW_COUNT_HEADER } from '#server/contracts/export.ts';
import { RecordCounter } from './count-records.ts';

export interface Progress {
  /** Without the head. */
  readonly rows: number;
  /** How many there were when the export began; null: not known. */
  readonly total: number | null;
}

export interface ReceiveOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  /** Where the bytes go; it keeps them only when it is closed. */
  readonly sink: WritableStream<Uint8Array>;
}

/** The answer is none of an export: it is for the browser itself to show. */
export class NoExport extends Error {}

/** Receives an export piece by piece and tells how many rows there are so far. Rejects when it breaks off, or is canceled by the signal. */
export async function receiveRows(response: Response, { signal, onProgress, sink }: ReceiveOptions): Promise<{ readonly fileName: string; readonly rows: number }> {
  const fileName = /filename="([^"]+)"/.exec(response.headers.get('Content-Disposition') ?? '')?.[1];
  if (!response.ok || !response.body || fileName === undefined) throw new NoExport();
  const told = response.headers.get(ROW_COUNT_HEADER);
  const total = told === null ? null : Number(told);
  const counter = new RecordCounter();
  const rows = () => Math.max(counter.count - 1, 0);
  const counted = new TransformStream<Uint8Array, Uint8Array>({
    transform(bytes, controller) {
      counter.add(bytes);
      onProgress({ rows: rows(), total });
      controller.enqueue(bytes);
    },
  });
  await response.body.pipeThrough(counted).pipeTo(sink, { signal });
  return { fileName, rows: rows() };
}
