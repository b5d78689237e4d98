import { useEffect, useRef, useState } from 'react';
import type { Progress } from './receive-rows.ts';
import { saveRows } from './save-rows.ts';

/** A screen reader should not be told of every piece. */
const TOLD_EVERY_MS = 500;

export type RowExportState = Progress & { readonly kind: 'running' | 'done' | 'failed' | 'canceled' };

/** An export of rows that this page runs and counts; leaving the page ends it. */
export function useRowExport() {
  const [state, setState] = useState<RowExportState | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const start = async (href: string): Promise<void> => {
    const controller = new AbortController();
    running.current = controller;
    let latest: Progress = { rows: 0, total: null };
    let toldAtMs = 0;
    setState({ ...latest, kind: 'running' });
    const onProgress = (progress: Progress): void => {
      latest = progress;
      if (performance.now() - toldAtMs < TOLD_EVERY_MS) return;
      toldAtMs = performance.now();
      setState({ ...progress, kind: 'running' });
    };
    try {
      const rows = await saveRows(href, controller.signal, onProgress);
      setState(rows === null ? null : { ...latest, rows, kind: 'done' });
    } catch {
      setState({ ...latest, kind: controller.signal.aborted ? 'canceled' : 'failed' });
    } finally {
      running.current = null;
    }
  };
  return { state, start, cancel: () => running.current?.abort() };
}
