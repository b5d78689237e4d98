import { expect } from 'vitest';
import { startOwnPostgres, type OwnPostgres } from './own-postgres.ts';
import { slowestMs, statusChanges, watchProbe, type ProbeSample } from './probe-watch.ts';
import { eventually, logIn, spawnServer, type ServerProcess } from './processes.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

/** The built server, a Postgres of its own, and the link between them. */
export interface ServerOverPostgres {
  readonly postgres: OwnPostgres;
  readonly link: TcpProxy;
  readonly server: ServerProcess;
  /** The cookie of somebody who is logged in. */
  readonly cookie: string;
  readonly readyStatus: () => Promise<number>;
  close(): Promise<void>;
}

const OWNER = { email: 'owner@example.org', password: 'a-long-password-of-this-test' };
export const METRICS_TOKEN = 'a-long-metrics-token';

/** Starts all three, with the bot and the readings off, and waits for readiness. */
export async function startServerOverPostgres(env: Readonly<Record<string, string>> = {}): Promise<ServerOverPostgres> {
  const postgres = await startOwnPostgres();
  const link = await startTcpProxy({ path: postgres.socketPath });
  const server = await spawnServer({
    DATABASE_URL: `postgres://postgres@127.0.0.1:${link.port}/adtrobot`,
    SESSION_SECRET: 'a-secret-of-this-very-test',
    OPENROUTER_API_KEY: 'sk-or-v1-test-0123456789',
    OPENROUTER_BASE_URL: 'http://127.0.0.1:9',
    OWNER_EMAIL: OWNER.email,
    OWNER_PASSWORD: OWNER.password,
    METRICS_TOKEN,
    ...env,
  });
  const readyStatus = async () => (await fetch(`${server.baseUrl}/health/ready`)).status;
  await eventually('readiness', async () => (await readyStatus()) === 200);
  // The first owner is made after the site is ready.
  const cookie = await eventually('the owner', () => logIn(server.baseUrl, OWNER).catch(() => null));
  return {
    postgres,
    link,
    server,
    cookie,
    readyStatus,
    close: async () => {
      await server.end('SIGKILL');
      await link.close();
      await postgres.close();
    },
  };
}

/** A fault and its end, as the probes saw it; instants in milliseconds since the probes were first asked. */
export interface SeenFault {
  readonly live: readonly ProbeSample[];
  readonly ready: readonly ProbeSample[];
  readonly faultAtMs: number;
  /** When the answer changed after the fault, and after its end; null: it did not. */
  readonly redAfterMs: number | null;
  readonly greenAfterMs: number | null;
  readonly flips: readonly number[];
}

interface Fault {
  readonly begin: () => Promise<void> | void;
  readonly end: () => Promise<void> | void;
  /** What else is to be looked at while it lasts. */
  readonly during?: () => Promise<void>;
  readonly lastsMs: number;
  /** How long it is watched after the end. */
  readonly afterMs?: number;
}

/** A change is seen so late at most, which counts as lateness of the server. */
const PROBE_INTERVAL_MS = 20;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks both probes all the time, before, during and after a fault. */
export async function watchFault({ server }: ServerOverPostgres, { begin, end, during, lastsMs, afterMs = 3_300 }: Fault): Promise<SeenFault> {
  const watch = (probe: string) => watchProbe(`${server.baseUrl}/health/${probe}`, { intervalMs: PROBE_INTERVAL_MS });
  const startedMs = performance.now();
  const [live, ready] = [watch('live'), watch('ready')];
  await sleep(700);
  const faultAtMs = performance.now() - startedMs;
  await begin();
  await Promise.all([sleep(lastsMs), during?.()]);
  await end();
  const healedAtMs = performance.now() - startedMs;
  await sleep(afterMs);
  const [liveSamples, samples] = [await live.stop(), await ready.stop()];
  const firstAfter = (atMs: number, status: number) => {
    const found = samples.find((sample) => sample.atMs >= atMs && sample.status === status);
    return found ? found.atMs + found.durationMs - atMs : null;
  };
  const redAfterMs = firstAfter(faultAtMs, 503);
  const greenAfterMs = firstAfter(healedAtMs, 200);
  return { live: liveSamples, ready: samples, faultAtMs, redAfterMs, greenAfterMs, flips: statusChanges(samples) };
}

/** What must hold of the probes through every fault that matters: alive and quick all the time, red once and in time, green once and in time. */
export function expectOneOutage({ live, ready, redAfterMs, greenAfterMs, flips }: SeenFault): void {
  expect(statusChanges(live)).toEqual([200]);
  expect(slowestMs(live)).toBeLessThan(1_000);
  expect(slowestMs(ready)).toBeLessThan(1_000);
  expect(flips).toEqual([200, 503, 200]);
  expect(redAfterMs).toBeLessThan(3_000);
  expect(greenAfterMs).toBeLessThan(3_000);
}
