import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import autocannon, { type Result } from 'autocannon';
import { eventually, findFreePort, spawnServer } from '#tests/support/processes.ts';
import type { Contest } from '../contest.ts';

const CONNECTIONS = 50;
const DURATION_SECONDS = 3;
/** Enough to keep the main loop rendering pages all the time. */
const PAGE_CONNECTIONS = 4;
const BARE_SERVER = `require('node:http').createServer((_, response) => response.end('ok')).listen(Number(process.argv[1]), '127.0.0.1')`;
const PROBES = [{ path: '/health/live' }, { path: '/health/ready' }];

/** Fails when a single answer is not 200. */
async function ask(url: string): Promise<Result> {
  const result = await autocannon({ url, connections: CONNECTIONS, duration: DURATION_SECONDS, requests: PROBES });
  if (result.non2xx + result.errors > 0) throw new Error(`${url}: ${result.non2xx + result.errors} probes failed`);
  return result;
}

/** Visitors of a page that the server renders, from a process of their own. */
function startPageLoad(baseUrl: string): ChildProcess {
  return spawn(process.execPath, [resolve('node_modules/autocannon/autocannon.js'), '--connections', String(PAGE_CONNECTIONS), '--duration', '3600', `${baseUrl}/login`], { stdio: 'ignore' });
}

async function end(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill();
  await exited;
}

/** The built server with both listeners, and a bare server that can do nothing but answer, each a process. */
async function startServers(dataDir: string) {
  const [managementPort, barePort] = [await findFreePort(), await findFreePort()];
  const server = await spawnServer({
    DATA_DIR: dataDir,
    SANDBOX_USERS: '0',
    SANDBOX_HISTORY_DAYS: '0',
    MANAGEMENT_PORT: String(managementPort),
    MANAGEMENT_HOST: '127.0.0.1',
  });
  const bare = spawn(process.execPath, ['-e', BARE_SERVER, String(barePort)], { stdio: ['ignore', 'ignore', 'inherit'] });
  const urls = { management: `http://127.0.0.1:${managementPort}`, main: server.baseUrl, bare: `http://127.0.0.1:${barePort}` };
  for (const url of Object.values(urls)) await eventually(url, () => fetch(`${url}/health/ready`).then(({ ok }) => ok, () => false));
  return { urls, stop: () => Promise.all([server.end(), end(bare)]) };
}

/** Runs all contests of probes: how many a second and how slow the slowest hundredth, while nothing else happens and under page load. */
export async function runProbeContests(dataDir: string, roundCount: number, run: (contest: Contest) => Promise<void>): Promise<void> {
  const { urls, stop } = await startServers(dataDir);
  const contest = (state: string, figure: Pick<Contest, 'unit' | 'isHigherBetter'> & { readonly of: (result: Result) => number }): Contest => {
    const measured = (name: string, url: string) => ({ name, measure: async () => figure.of(await ask(url)) });
    return {
      name: `Probes, ${state}, ${figure.unit}`,
      conditions: `live and ready in turn from ${CONNECTIONS} connections for ${DURATION_SECONDS} s; the client shares the machine; ${PAGE_CONNECTIONS} visitors make the load`,
      unit: figure.unit,
      isHigherBetter: figure.isHigherBetter,
      roundCount,
      warmUpCount: 1,
      contestants: [measured('second listener', urls.management), measured('main listener', urls.main), measured('bare node:http', urls.bare)],
    };
  };
  const perSecond = { unit: 'requests/s', isHigherBetter: true, of: (result: Result) => result.requests.average };
  const slowest = { unit: 'ms p99', isHigherBetter: false, of: (result: Result) => result.latency.p99 };
  const runBoth = async (state: string) => {
    await run(contest(state, perSecond));
    await run(contest(state, slowest));
  };
  try {
    await runBoth('idle');
    const load = startPageLoad(urls.main);
    await runBoth('under page load').finally(() => end(load));
  } finally {
    await stop();
  }
}
