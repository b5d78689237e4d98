import { setTimeout as sleep } from 'node:timers/promises';

/** One answer of a probe; status 0: none. */
export interface ProbeSample {
  /** When it was asked, in milliseconds since the watch began. */
  readonly atMs: number;
  readonly status: number;
  readonly durationMs: number;
}

export interface ProbeWatch {
  readonly samples: readonly ProbeSample[];
  /** Ends it; gives all samples. */
  stop(): Promise<readonly ProbeSample[]>;
}

/** Asks an address again and again, each time on a connection of its own, and keeps what came. */
export function watchProbe(url: string, { intervalMs = 50, timeoutMs = 10_000 } = {}): ProbeWatch {
  const startedMs = performance.now();
  const samples: ProbeSample[] = [];
  const stopping = new AbortController();
  const ask = async (): Promise<void> => {
    const atMs = performance.now() - startedMs;
    const response = await fetch(url, { headers: { connection: 'close' }, signal: AbortSignal.timeout(timeoutMs) }).catch(() => null);
    await response?.arrayBuffer().catch(() => undefined);
    samples.push({ atMs, status: response?.status ?? 0, durationMs: performance.now() - startedMs - atMs });
  };
  const watching = (async () => {
    while (!stopping.signal.aborted) {
      await ask();
      await sleep(intervalMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return {
    samples,
    async stop() {
      stopping.abort();
      await watching;
      return samples;
    },
  };
}

/** The statuses in their order, repeated ones once: 200, 503, 200 is one outage. */
export function statusChanges(samples: readonly ProbeSample[]): readonly number[] {
  return samples.map(({ status }) => status).filter((status, index, all) => status !== all[index - 1]);
}

/** The slowest answer, in milliseconds. */
export function slowestMs(samples: readonly ProbeSample[]): number {
  return Math.max(...samples.map(({ durationMs }) => durationMs));
}
