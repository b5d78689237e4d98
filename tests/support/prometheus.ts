import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { eventually, findFreePort } from './processes.ts';

const Vector = z.object({
  status: z.literal('success'),
  data: z.object({ result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) })) }),
});
const Targets = z.object({
  data: z.object({ activeTargets: z.array(z.object({ scrapePool: z.string(), health: z.string(), lastError: z.string() })) }),
});

export interface ScrapeJob {
  readonly name: string;
  /** `host:port` whose `/metrics` is scraped. */
  readonly target: string;
  readonly token: string;
}

/** A real Prometheus that scrapes every two seconds, and what a test asks of it. */
export interface TestPrometheus {
  /** The values of an instant query by the label `by`; `''` where there is no such label. */
  query(promql: string, by?: string): Promise<Record<string, string>>;
  targets(): Promise<z.infer<typeof Targets>['data']['activeTargets']>;
  log(): string;
  stop(): Promise<void>;
}

/** Starts Debian's Prometheus on an empty folder; it must be on the path. */
export async function startPrometheus(jobs: readonly ScrapeJob[]): Promise<TestPrometheus> {
  const dir = await mkdtemp(join(tmpdir(), 'adtrobot-prometheus-'));
  const port = await findFreePort();
  await writeFile(join(dir, 'prometheus.yml'), JSON.stringify({ global: { scrape_interval: '2s', scrape_timeout: '2s' }, scrape_configs: jobs.map(configOf) }));
  const flags = [`--config.file=${dir}/prometheus.yml`, `--storage.tsdb.path=${dir}/data`, `--web.listen-address=127.0.0.1:${port}`, '--log.level=debug'];
  const child = spawn('prometheus', flags, { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  // A program that is not there ends in an error, not in an exit.
  const ended = Promise.race([once(child, 'exit'), once(child, 'error')]).then(() => true, () => true);
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    await rm(dir, { recursive: true, force: true });
  };
  const get = async (path: string): Promise<unknown> => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    if (!response.ok) throw new Error(`Prometheus answered ${response.status} to ${path}: ${await response.text()}`);
    return response.json();
  };
  const isReady = async () => child.exitCode === null && (await fetch(`http://127.0.0.1:${port}/-/ready`).catch(() => null))?.ok;
  await eventually('Prometheus', isReady).catch(async (error: unknown) => {
    await stop();
    throw new Error(`${String(error)}; apt-get install --no-install-recommends prometheus:\n${log}`);
  });
  return {
    async query(promql, by = '') {
      const { data } = Vector.parse(await get(`/api/v1/query?query=${encodeURIComponent(promql)}`));
      return Object.fromEntries(data.result.map(({ metric, value: [, value] }) => [metric[by] ?? '', value]));
    },
    targets: async () => Targets.parse(await get('/api/v1/targets')).data.activeTargets,
    log: () => log,
    stop,
  };
}

function configOf({ name, target, token }: ScrapeJob) {
  return { job_name: name, authorization: { credentials: token }, static_configs: [{ targets: [target] }] };
}

/** Stands between Prometheus and a server: asks in place of it, for another format if `accept` says so, and notes what came. */
export async function startScrapeProxy(baseUrl: string, accept?: string) {
  const contentTypes = new Set<string>();
  const server = createServer((req, res) => {
    const headers = { ...req.headers, ...(accept === undefined ? {} : { accept }) };
    const forwarded = request(new URL(req.url ?? '/', baseUrl), { headers }, (answer) => {
      contentTypes.add(answer.headers['content-type'] ?? 'none');
      res.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(res);
    });
    forwarded.on('error', () => void res.writeHead(502).end());
    forwarded.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { target: `127.0.0.1:${address.port}`, contentTypes, close };
}
