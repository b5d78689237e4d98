import { combineSnapshots, keepLasting, renderSnapshots, type MetricSnapshot } from '#server/metrics/snapshot.ts';

/** What the main process holds of the metrics of its web processes. */
export interface WorkerMetrics {
  /** All metrics of a process, as it has just told them. */
  noteCollected(workerId: number, snapshot: MetricSnapshot): void;
  /** Its counters and histograms, which are newer than what was collected. */
  noteLasting(workerId: number, snapshot: MetricSnapshot): void;
  /** It has ended: its counters stay in the sum, its gauges go. */
  retire(workerId: number): void;
  /** The one page of all processes, dead and alive, the main one first. */
  render(own: MetricSnapshot): Promise<string>;
}

export function createWorkerMetrics(): WorkerMetrics {
  const collected = new Map<number, MetricSnapshot>();
  const lasting = new Map<number, MetricSnapshot>();
  let retired: readonly MetricSnapshot[] = [];
  let compacting: Promise<void> | undefined;

  /** Makes the dead one snapshot, so that restarts cost no memory. */
  const compact = async () => {
    while (retired.length > 1) {
      const before = retired;
      const combined = await combineSnapshots(before);
      retired = [combined, ...retired.slice(before.length)];
    }
  };

  /** What is newest of each metric of a process. */
  const latest = (workerId: number): MetricSnapshot => {
    const newer = lasting.get(workerId) ?? [];
    const names = new Set(newer.map(({ name }) => name));
    return [...(collected.get(workerId) ?? []).filter(({ name }) => !names.has(name)), ...newer];
  };

  return {
    noteCollected(workerId, snapshot) {
      collected.set(workerId, snapshot);
      lasting.delete(workerId);
    },
    noteLasting: (workerId, snapshot) => void lasting.set(workerId, snapshot),
    retire(workerId) {
      const kept = keepLasting(collected.get(workerId) ?? [], lasting.get(workerId) ?? []);
      collected.delete(workerId);
      lasting.delete(workerId);
      retired = [...retired, kept];
      compacting ??= compact().finally(() => {
        compacting = undefined;
      });
    },
    render(own) {
      const workerIds = new Set([...collected.keys(), ...lasting.keys()]);
      return renderSnapshots([own, ...[...workerIds].map(latest), ...retired]);
    },
  };
}
