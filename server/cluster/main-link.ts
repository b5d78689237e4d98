import cluster from 'node:cluster';
import { AppError } from '#server/errors.ts';
import type { MetricSnapshot } from '#server/metrics/snapshot.ts';
import { ToWorker, type FromWorker, type SharedHealth, type WebBrief } from './messages.ts';

const BEAT_MS = 1_000;
/** Longer than the main process waits for its web processes. */
const RENDER_MS = 2_000;

export interface MainLinkDeps {
  readonly snapshot: () => Promise<MetricSnapshot>;
  readonly lastingSnapshot: () => Promise<MetricSnapshot>;
  readonly onHealth: (health: SharedHealth) => void;
  /** The main process wants this one to end, or is gone. */
  readonly onDrain: () => void;
}

/** The main process, as a web process sees it. */
export interface MainLink {
  send(message: FromWorker): void;
  /** The metrics of all processes, as text 0.0.4. Rejects with `unavailable` when the main process does not answer. */
  renderText(): Promise<string>;
  /** Tells the last of the counters, so that nothing is lost by the end of this process. */
  close(): Promise<void>;
}

/** Waits for what the main process tells a new web process first. */
export function awaitBrief(): Promise<{ readonly brief: WebBrief; readonly health: SharedHealth }> {
  return new Promise((resolve) => {
    const onMessage = (raw: unknown) => {
      const message = ToWorker.parse(raw);
      if (message.type !== 'brief') return;
      process.off('message', onMessage);
      resolve(message);
    };
    process.on('message', onMessage);
  });
}

/** Answers the main process and beats, until closed. Counters are told once a second, so that a killed process takes no more than that with it. */
export function linkToMain(deps: MainLinkDeps): MainLink {
  const rendering = new Map<number, (text: string | null) => void>();
  let renderCount = 0;
  const send = (message: FromWorker) => {
    if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
  };
  const tellLasting = async () => send({ type: 'lasting', snapshot: await deps.lastingSnapshot() });

  process.on('message', (raw: unknown) => {
    const message = ToWorker.parse(raw);
    if (message.type === 'health') deps.onHealth(message.health);
    if (message.type === 'drain') deps.onDrain();
    if (message.type === 'rendered') rendering.get(message.id)?.(message.text);
    if (message.type === 'collect') void deps.snapshot().then((snapshot) => send({ type: 'collected', id: message.id, snapshot }));
  });
  process.once('disconnect', deps.onDrain);
  const beat = setInterval(() => {
    send({ type: 'beat' });
    void tellLasting();
  }, BEAT_MS);

  return {
    send,
    renderText: () => {
      renderCount += 1;
      const id = renderCount;
      return new Promise<string>((resolve, reject) => {
        const unanswered = () => reject(new AppError('unavailable', 'The metrics cannot be read now.'));
        const timer = setTimeout(unanswered, RENDER_MS);
        rendering.set(id, (text) => (text === null ? unanswered() : resolve(text)));
        void Promise.resolve().then(() => send({ type: 'render', id }));
        timer.unref();
      }).finally(() => rendering.delete(id));
    },
    async close() {
      clearInterval(beat);
      await tellLasting();
      if (cluster.worker?.isConnected()) cluster.worker.disconnect();
    },
  };
}
