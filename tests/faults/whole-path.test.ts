import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Big from 'big.js';
import type postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectPostgres } from '#db/connect.ts';
import { ATTEMPTS_MAX } from '#server/ai/next-step.ts';
import { Overview } from '#server/contracts/overview.ts';
import { eventually, findFreePort, logIn, spawnServer, spawnStandIn, type ServerProcess } from '#tests/support/processes.ts';
import { createTelegramControl, BEN, TELEGRAM_TEST_TOKEN, type TelegramControl } from '#tests/support/telegram.ts';

/*
 * The product as it runs: the built server with its embedded Postgres, and both stand-ins as processes of their own.
 */
const OWNER = { email: 'owner@example.org', password: 'a-long-enough-password' };

let dataDir: string;
let openRouter: Awaited<ReturnType<typeof spawnStandIn>>;
let telegram: Awaited<ReturnType<typeof spawnStandIn>>;
let control: TelegramControl;
let environment: Record<string, string>;
let server: ServerProcess;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'adtrobot-path-'));
  openRouter = await spawnStandIn('openrouter', ['--port', '0', '--seed', '1', '--latency-scale', '0']);
  telegram = await spawnStandIn('telegram', ['--port', '0', '--token', TELEGRAM_TEST_TOKEN]);
  control = createTelegramControl(telegram.ready['controlUrl'] ?? '');
  environment = {
    DATA_DIR: dataDir,
    PORT: String(await findFreePort()),
    TELEGRAM_BOT_TOKEN: TELEGRAM_TEST_TOKEN,
    TELEGRAM_API_ROOT: telegram.ready['apiRoot'] ?? '',
    OPENROUTER_API_KEY: 'sk-or-v1-test-0123456789',
    OPENROUTER_BASE_URL: openRouter.ready['url'] ?? '',
    OWNER_EMAIL: OWNER.email,
    OWNER_PASSWORD: OWNER.password,
  };
  server = await spawnServer(environment);
}, 120_000);

afterAll(async () => {
  await server.end();
  await Promise.all([openRouter.stop(), telegram.stop()]);
  await rm(dataDir, { recursive: true, force: true });
});

interface Billed {
  readonly sequence: number;
  readonly generationId: string;
  readonly costUsd: string;
}

async function billed(): Promise<readonly Billed[]> {
  const response = await fetch(`${openRouter.ready['controlUrl']}/journal`);
  return ((await response.json()) as { entries: readonly Billed[] }).entries;
}

/** Plain SQL on the embedded database, as an owner with psql would ask. */
async function query<T>(ask: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = connectPostgres(`postgres://postgres@localhost/adtrobot?host=${join(dataDir, 'run')}`, { max: 1 });
  try {
    return await ask(sql);
  } finally {
    await sql.end();
  }
}

const botMessages = async () => (await control.readChat(BEN.id)).messages.filter((message) => message.from === 'bot');

const settledOf = (generationId: string) =>
  query((sql) => sql<{ costUsd: string; status: string; disposition: string; operation: string }[]>`
    select cost_usd as "costUsd", status, disposition, operation from ai_usage where generation_id = ${generationId}`);

async function counterOf(operation: string): Promise<string> {
  const text = await (await fetch(`${server.baseUrl}/metrics`)).text();
  const line = text.split('\n').find((row) => row.startsWith(`adtrobot_ai_cost_dollars_total{operation="${operation}"`));
  return new Big(line?.split(' ').at(-1) ?? 'no such series').toFixed(12);
}

test('one /tarot is one reading, one settled row, and the same cost in the bill, /metrics, the API, the page and SQL', async () => {
  await control.write(BEN, '/start');
  await eventually('an answer to /start', async () => (await botMessages()).length > 0);
  const before = (await botMessages()).length;
  await control.write(BEN, '/tarot What will this week bring?');
  const [entry] = await eventually('the bill', async () => ((await billed()).length > 0 ? billed() : null));
  const rows = await eventually('the reading to be delivered', async () => {
    const settled = await settledOf(entry?.generationId ?? '');
    return settled[0]?.disposition === 'delivered' ? settled : null;
  });
  expect((await botMessages()).length).toBeGreaterThan(before);
  expect(rows).toHaveLength(1);
  expect(await billed()).toHaveLength(1);
  const [row] = rows;
  const cost = new Big(entry?.costUsd ?? '').toFixed(12);
  expect(row).toEqual({ costUsd: cost, status: 'settled', disposition: 'delivered', operation: 'tarot_three_cards' });

  await eventually('the counter', async () => (await counterOf('tarot_three_cards')) === cost);
  const cookie = await logIn(server.baseUrl, OWNER);
  const input = encodeURIComponent(JSON.stringify({ range: '24h' }));
  const response = await fetch(`${server.baseUrl}/trpc/overview.get?input=${input}`, { headers: { cookie } });
  const overview = Overview.parse(((await response.json()) as { result: { data: unknown } }).result.data);
  expect(overview.cost.totalUsd).toBe(cost);
  expect(overview.costByOperation.find((entryOf) => entryOf.operation === 'tarot_three_cards')?.costUsd).toBe(cost);
  const page = await (await fetch(`${server.baseUrl}/monitoring?range=24h`, { headers: { cookie } })).text();
  expect(page).toContain(`data-exact="${cost}"`);
  const [total] = await query((sql) => sql<{ total: string }[]>`select sum(cost_usd) as total from ai_usage`);
  expect(total?.total).toBe(cost);
}, 60_000);

test('killed between the model\'s answer and the reply, the next start sends the reading and counts its cost once', async () => {
  const before = { messages: (await botMessages()).length, billed: (await billed()).length };
  await control.addFault({ method: 'sendMessage', kind: 'hang_before', times: 1 });
  await control.write(BEN, '/tarot Should I move?');
  const entry = await eventually('the bill', async () => (await billed())[before.billed]);
  await eventually('the row to be settled', async () => (await settledOf(entry.generationId))[0]?.status === 'settled');
  await server.end('SIGKILL');
  await control.clearFaults();
  expect((await botMessages()).length).toBe(before.messages);

  server = await spawnServer(environment);
  await eventually('the reading', async () => (await botMessages()).length > before.messages);
  await eventually('the delivery to be noted', async () => (await settledOf(entry.generationId))[0]?.disposition === 'delivered');
  expect(await billed()).toHaveLength(before.billed + 1);
  const [ledger] = await query((sql) => sql<{ count: string; total: string }[]>`select count(*), sum(cost_usd) as total from ai_usage`);
  const journalTotal = (await billed()).reduce((sum, { costUsd }) => sum.plus(costUsd), new Big(0));
  expect(ledger).toEqual({ count: String(before.billed + 1), total: journalTotal.toFixed(12) });
}, 90_000);

test('killed after the reply had arrived, the next start counts its cost once and sends the reading at most once more', async () => {
  const before = { messages: (await botMessages()).length, billed: (await billed()).length };
  await control.addFault({ method: 'sendMessage', kind: 'hang_after', times: 1 });
  await control.write(BEN, '/tarot What do I overlook?');
  const entry = await eventually('the bill', async () => (await billed())[before.billed]);
  await eventually('the reading to arrive', async () => (await botMessages()).length > before.messages);
  await server.end('SIGKILL');
  await control.clearFaults();

  server = await spawnServer(environment);
  await eventually('the delivery to be noted', async () => (await settledOf(entry.generationId))[0]?.disposition === 'delivered');
  expect(await billed()).toHaveLength(before.billed + 1);
  expect((await botMessages()).length).toBeLessThanOrEqual(before.messages + 2);
}, 90_000);

test('a model that fails is answered with an apology and a retry button, and stands in the ledger as failed', async () => {
  const before = (await botMessages()).length;
  await fetch(`${openRouter.ready['controlUrl']}/faults`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ mode: '503', times: ATTEMPTS_MAX }) });
  await control.write(BEN, '/tarot Will it rain?');
  const answer = await eventually('the apology', async () => (await botMessages()).slice(before).find((message) => message.buttons.length > 0));
  const rows = await query((sql) => sql`select status, error_type, cost_usd from ai_usage order by started_at desc limit ${ATTEMPTS_MAX}`);
  expect([...rows]).toEqual(Array.from({ length: ATTEMPTS_MAX }, () => ({ status: 'void', error_type: 'provider_error', cost_usd: null })));
  await control.press(BEN, answer.messageId, answer.buttons[0]?.[0]?.callbackData ?? '');
  await eventually('the reading after all', async () => {
    const [latest] = await query((sql) => sql`select status, disposition from ai_usage order by started_at desc limit 1`);
    return latest?.['status'] === 'settled' && latest['disposition'] === 'delivered';
  });
}, 60_000);

test('while the provider is away people are answered and the server stays live and ready; when it is back, the button brings the reading', async () => {
  const before = (await botMessages()).length;
  const { port } = new URL(openRouter.ready['url'] ?? '');
  await openRouter.stop();
  await control.write(BEN, '/tarot Is anybody there?');
  const apology = await eventually('the apology', async () => (await botMessages()).slice(before).find((message) => message.buttons.length > 0));
  for (const probe of ['live', 'ready']) expect((await fetch(`${server.baseUrl}/health/${probe}`)).status).toBe(200);
  const open = await query((sql) => sql`select status, error_type from ai_usage order by started_at desc limit 1`);
  expect([...open]).toEqual([{ status: 'void', error_type: 'connection' }]);

  openRouter = await spawnStandIn('openrouter', ['--port', port, '--seed', '1', '--latency-scale', '0']);
  await control.press(BEN, apology.messageId, apology.buttons[0]?.[0]?.callbackData ?? '');
  await eventually('the reading', async () => {
    const [latest] = await query((sql) => sql`select status, disposition from ai_usage order by started_at desc limit 1`);
    return latest?.['status'] === 'settled' && latest['disposition'] === 'delivered';
  });
}, 60_000);

test('SIGTERM ends the server in order, with exit code 0, and leaves no process behind', async () => {
  expect(await server.end('SIGTERM')).toBe(0);
  await expect(query((sql) => sql`select 1`)).rejects.toThrow();
  server = await spawnServer(environment);
}, 60_000);
