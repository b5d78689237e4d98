import { NoExport, receiveRows, type Progress } from './receive-rows.ts';

/** Long enough for a browser to have copied a file of any size that fits its own storage. */
const KEPT_MS = 3_600_000;

/** Whether the browser can take an export to its own storage, on disk, and so count it in bounded memory. Where it cannot, it downloads plainly. */
export function canSaveRows(): boolean {
  return typeof FileSystemFileHandle !== 'undefined' && 'createWritable' in FileSystemFileHandle.prototype && typeof navigator.storage?.getDirectory === 'function';
}

/**
 * Downloads an export and tells how far it is; only what came whole is saved. What is no export (a refusal in words, the
 * log-in page) is left to the browser to open.
 */
export async function saveRows(href: string, signal: AbortSignal, onProgress: (progress: Progress) => void): Promise<number | null> {
  const response = await fetch(href, { signal });
  const directory = await navigator.storage.getDirectory();
  // One at a time is kept: the next one takes its place.
  const handle = await directory.getFileHandle('export.csv', { create: true });
  const sink = await handle.createWritable();
  try {
    const { fileName, rows } = await receiveRows(response, { signal, onProgress, sink });
    offer(await handle.getFile(), fileName);
    return rows;
  } catch (error) {
    if (!(error instanceof NoExport)) throw error;
    await sink.abort();
    window.location.assign(href);
    return null;
  }
}

function offer(file: File, fileName: string): void {
  const url = URL.createObjectURL(file);
  const link = Object.assign(document.createElement('a'), { href: url, download: fileName });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
}
