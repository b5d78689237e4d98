import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import autocannon from 'autocannon';
import type { Contest } from '../contest.ts';

const REQUEST_COUNT = 20_000;
/** More requests on the same connection at once leave less of the time to the network. */
const LOAD = { connections: 10, pipelining: 10, amount: REQUEST_COUNT };
const ITEM_COUNT = 50;
const PATHS = ['/', '/items', ...Array.from({ length: ITEM_COUNT }, (_, index) => `/items/${1_000 + index}`)];

interface MeasuredApp {
  /** Answers requests; gives the processor time of its process for one, in microseconds. */
  run(): Promise<number>;
  stop(): void;
}

async function answerOf(child: ChildProcess): Promise<number> {
  const [answer] = await once(child, 'message');
  return Number(answer);
}

async function startApp(scriptPath: string, instrumentedBy: string): Promise<MeasuredApp> {
  const child = fork(scriptPath, [instrumentedBy]);
  const port = await answerOf(child);
  const cpuUs = async () => {
    child.send('cpu');
    return answerOf(child);
  };
  return {
    async run() {
      const before = await cpuUs();
      const { non2xx, errors } = await autocannon({ url: `http://127.0.0.1:${port}`, ...LOAD, requests: PATHS.map((path) => ({ path })) });
      if (non2xx + errors > 0) throw new Error(`${instrumentedBy}: ${non2xx + errors} requests failed`);
      return ((await cpuUs()) - before) / REQUEST_COUNT;
    },
    stop: () => child.disconnect(),
  };
}

/** What instrumentation costs per request: processor time of the same app with it, less that without it. */
export async function createHttpMetricsContest(buildDir: string, roundCount: number): Promise<{ contest: Contest; stop: () => void }> {
  const script = join(buildDir, 'http-metrics-app.js');
  const apps = await Promise.all(['ours', 'peer', 'bare'].map((name) => startApp(script, name)));
  const [ours, peer, bare] = apps;
  if (!ours || !peer || !bare) throw new Error('an app did not start');
  const overheadOf = (app: MeasuredApp) => async () => -(await bare.run()) + (await app.run());
  return {
    stop: () => apps.forEach((app) => app.stop()),
    contest: {
      name: 'HTTP instrumentation',
      conditions: `processor time per request of one express app with three routes, less that of the app without instrumentation right before; ${REQUEST_COUNT} requests a run, a process each`,
      unit: 'µs/request',
      isHigherBetter: false,
      roundCount,
      warmUpCount: 3,
      contestants: [
        { name: 'our five metrics', measure: overheadOf(ours) },
        { name: 'express-prom-bundle (one histogram)', measure: overheadOf(peer) },
        { name: 'the app itself', measure: () => bare.run() },
      ],
    },
  };
}
