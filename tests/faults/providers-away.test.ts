import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { startTestOpenRouter, TEST_API_KEY, type TestOpenRouter } from '#tests/support/openrouter.ts';
import { statusChanges, watchProbe } from '#tests/support/probe-watch.ts';
import { eventually, findFreePort, spawnServer } from '#tests/support/processes.ts';
import { startTestTelegram, TELEGRAM_TEST_TOKEN, type TestTelegram } from '#tests/support/telegram.ts';

/*
 * The built server while OpenRouter and Telegram are away, hang, or refuse us: it says so, and stays live and ready.
 */
const METRICS_TOKEN = 'a-long-metrics-token';

let openRouter: TestOpenRouter;
let telegram: TestTelegram;
/** Takes connections and never says a word. */
let mute: Server;
let muteUrl: string;
const databases: TestDatabase[] = [];
beforeAll(async () => {
  [openRouter, telegram] = await Promise.all([startTestOpenRouter(), startTestTelegram()]);
  mute = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
  await once(mute, 'listening');
  muteUrl = `http://127.0.0.1:${(mute.address() as AddressInfo).port}`;
});
afterAll(async () => {
  mute.close();
  await Promise.all([openRouter.close(), telegram.close()]);
  await Promise.all(databases.map((database) => database.drop()));
});

interface Outside {
  readonly openRouterUrl: string;
  readonly apiKey?: string;
  readonly telegramUrl: string;
  readonly token?: string;
}

/** Runs the server in such a world until both checks have looked and some seconds more; gives what its probes and its report said. */
async function live({ openRouterUrl, apiKey = TEST_API_KEY, telegramUrl, token = TELEGRAM_TEST_TOKEN }: Outside) {
  const database = await createTestDatabase();
  databases.push(database);
  const port = String(await findFreePort());
  const server = await spawnServer({
    DATABASE_URL: database.url,
    SESSION_SECRET: 'a-secret-of-this-very-test',
    METRICS_TOKEN,
    OPENROUTER_API_KEY: apiKey,
    OPENROUTER_BASE_URL: openRouterUrl,
    TELEGRAM_BOT_TOKEN: token,
    TELEGRAM_API_ROOT: telegramUrl,
    MANAGEMENT_PORT: port,
    MANAGEMENT_HOST: '127.0.0.1',
  });
  await eventually('readiness', async () => (await fetch(`${server.baseUrl}/health/ready`)).status === 200);
  await eventually('readiness on the second listener', async () => (await fetch(`http://127.0.0.1:${port}/health/ready`)).status === 200);
  const watches = [server.baseUrl, `http://127.0.0.1:${port}`].flatMap((baseUrl) => ['live', 'ready'].map((probe) => watchProbe(`${baseUrl}/health/${probe}`)));
  const report = await eventually('both checks to have failed', async () => {
    const response = await fetch(`${server.baseUrl}/health`, { headers: { authorization: `Bearer ${METRICS_TOKEN}` } });
    const { checks } = (await response.json()) as { checks: readonly { check: string; state: string | null }[] };
    const states = Object.fromEntries(checks.map(({ check, state }) => [check, state]));
    return states['openrouter'] === 'unhealthy' && states['telegram'] === 'unhealthy' && { status: response.status, states };
  });
  const single = await fetch(`${server.baseUrl}/health/database`);
  const probes = await Promise.all(watches.map(async (watch) => statusChanges(await watch.stop())));
  const exitCode = await server.end();
  return { report, databaseStatus: single.status, probes, exitCode };
}

const ALWAYS_FINE = [[200], [200], [200], [200]];

test.concurrent.each<[string, () => Outside]>([
  ['away', () => ({ openRouterUrl: 'http://127.0.0.1:1/api/v1', telegramUrl: 'http://127.0.0.1:1' })],
  ['hanging', () => ({ openRouterUrl: `${muteUrl}/api/v1`, telegramUrl: muteUrl })],
  ['refusing us', () => ({ openRouterUrl: openRouter.url, apiKey: 'not-a-key-of-anybody', telegramUrl: telegram.apiRoot, token: '7123456789:of-somebody-else' })],
])('with OpenRouter and Telegram %s, live and ready stay 200 on both listeners, and the report says which checks are unhealthy', async (_how, world) => {
  const { report, databaseStatus, probes, exitCode } = await live(world());
  expect(report.status).toBe(503);
  expect(report.states).toMatchObject({ openrouter: 'unhealthy', telegram: 'unhealthy', database: 'healthy' });
  expect(databaseStatus).toBe(200);
  expect(probes).toEqual(ALWAYS_FINE);
  expect(exitCode).toBe(0);
}, 60_000);
