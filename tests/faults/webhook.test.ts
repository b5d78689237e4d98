import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, findFreePort, spawnServer, spawnStandIn, type ServerProcess } from '#tests/support/processes.ts';
import { ANNA, BEN, createTelegramControl, TELEGRAM_TEST_TOKEN, type TelegramControl } from '#tests/support/telegram.ts';
import type { Person } from '#server/sandbox/telegram/control-schemas.ts';

/* The built server, to which the stand-in for Telegram brings updates over HTTP, as Telegram does. */

let dataDir: string;
let openRouter: Awaited<ReturnType<typeof spawnStandIn>>;
let telegram: Awaited<ReturnType<typeof spawnStandIn>>;
let control: TelegramControl;
let environment: Record<string, string>;
let server: ServerProcess;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'adtrobot-webhook-'));
  openRouter = await spawnStandIn('openrouter', ['--port', '0', '--seed', '1', '--latency-scale', '0']);
  telegram = await spawnStandIn('telegram', ['--port', '0', '--token', TELEGRAM_TEST_TOKEN]);
  control = createTelegramControl(telegram.ready['controlUrl'] ?? '');
  const port = String(await findFreePort());
  environment = {
    DATA_DIR: dataDir,
    PORT: port,
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    TELEGRAM_BOT_TOKEN: TELEGRAM_TEST_TOKEN,
    TELEGRAM_API_ROOT: telegram.ready['apiRoot'] ?? '',
    TELEGRAM_WEBHOOK_SECRET: 'a-secret_of-this-test',
    OPENROUTER_API_KEY: 'sk-or-v1-test-0123456789',
    OPENROUTER_BASE_URL: openRouter.ready['url'] ?? '',
  };
  server = await spawnServer(environment);
}, 120_000);

afterAll(async () => {
  await server.end();
  await Promise.all([openRouter.stop(), telegram.stop()]);
  await rm(dataDir, { recursive: true, force: true });
});

const botMessages = async ({ id }: Person) => (await control.readChat(id)).messages.filter((message) => message.from === 'bot');
const answers = (person: Person, count: number) =>
  eventually(`${count} messages of the bot`, async () => {
    const messages = await botMessages(person);
    return messages.length >= count ? messages : null;
  });
const callsOf = async (method: string) => (await control.journal()).filter((entry) => entry.method === method);
const isEveryUpdateTaken = async () => (await control.pending()).count === 0;

async function readCounter(series: string): Promise<number> {
  const text = await (await fetch(`${server.baseUrl}/metrics`)).text();
  return Number(text.split('\n').find((line) => line.startsWith(series))?.split(' ').at(-1) ?? 0);
}

const deliveredCount = () => readCounter('adtrobot_requests_total{handler="/telegram/webhook",method="POST",status="2xx"}');

test('updates that Telegram brings become answers and readings, without a single poll', async () => {
  await control.write(BEN, '/start');
  await control.write(ANNA, '/tarot Что ждёт меня на этой неделе?');
  await eventually('the reading', async () => (await botMessages(ANNA)).find(({ text }) => /^Три карты[\s\S]*Прошлое[\s\S]*Будущее/.test(text)));
  await answers(BEN, 1);
  await eventually('the last delivery to be confirmed', isEveryUpdateTaken);
  expect(await readCounter('adtrobot_telegram_requests_total{method="setWebhook",outcome="ok"}')).toBe(1);
  expect(await readCounter('adtrobot_telegram_requests_total{method="getUpdates",outcome="ok"}')).toBe(0);
  const settings = { url: `${server.baseUrl}/telegram/webhook`, secret_token: environment['TELEGRAM_WEBHOOK_SECRET'] };
  expect((await callsOf('setWebhook')).map(({ payload }) => payload)).toEqual([expect.objectContaining(settings)]);
  await eventually('the deliveries to be counted', async () => (await deliveredCount()) === 2);
}, 60_000);

test('what people say while nobody listens is brought after the next start, and the webhook was left as it is', async () => {
  const before = (await botMessages(BEN)).length;
  expect(await server.end('SIGTERM')).toBe(0);
  expect(await callsOf('deleteWebhook')).toEqual([]);
  await control.write(BEN, '/help');
  server = await spawnServer(environment);
  await answers(BEN, before + 1);
}, 90_000);

test('several web processes take updates in turn, and the bot answers each once', async () => {
  const before = (await botMessages(BEN)).length;
  await server.end();
  server = await spawnServer({ ...environment, WEB_CONCURRENCY: '2' });
  for (let index = 0; index < 6; index += 1) await control.write(BEN, '/help');
  await answers(BEN, before + 6);
  await eventually('the last delivery to be confirmed', isEveryUpdateTaken);
  await eventually('the deliveries to be counted', async () => (await deliveredCount()) === 6);
  expect(await botMessages(BEN)).toHaveLength(before + 6);
}, 90_000);

test('without the secret the next start fetches updates again, and nothing is brought any more', async () => {
  const before = (await botMessages(BEN)).length;
  await server.end();
  const { TELEGRAM_WEBHOOK_SECRET: _, ...polling } = environment;
  server = await spawnServer(polling);
  await control.write(BEN, '/help');
  await answers(BEN, before + 1);
  expect(await callsOf('deleteWebhook')).toHaveLength(1);
  await eventually('a poll', async () => (await control.pending()).isPolling);
  expect((await fetch(`${server.baseUrl}/telegram/webhook`, { method: 'POST', body: '{}' })).status).toBe(404);
}, 90_000);
