import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Big from 'big.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ATTEMPTS_MAX } from '#server/ai/next-step.ts';
import { BOT_HANDLERS } from '#server/contracts/vocabulary.ts';
import type { Person } from '#server/sandbox/telegram/control-schemas.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { eventually, spawnServer, spawnStandIn, type ServerProcess } from '#tests/support/processes.ts';
import { startPrometheus, startScrapeProxy, type TestPrometheus } from '#tests/support/prometheus.ts';
import { createTelegramControl, TELEGRAM_TEST_TOKEN, type TelegramControl } from '#tests/support/telegram.ts';

/*
 * Debian's Prometheus scrapes the built server under real traffic, once as it asks by itself and once for the old text
 * format. When the traffic is over, PromQL says the same as SQL on the server's own database.
 */
const TOKEN = 'a-long-metrics-token';
const PEOPLE: readonly Person[] = ['Ann', 'Bob', 'Cy', 'Dee', 'Eve'].map((firstName, index) => ({ id: 7_000_000_100 + index, firstName, languageCode: index % 2 ? 'ru' : 'en' }));
const JOBS = ['openmetrics', 'text'] as const;

let database: TestDatabase;
let openRouter: Awaited<ReturnType<typeof spawnStandIn>>;
let telegram: Awaited<ReturnType<typeof spawnStandIn>>;
let control: TelegramControl;
let server: ServerProcess;
let proxies: Record<(typeof JOBS)[number], Awaited<ReturnType<typeof startScrapeProxy>>>;
let prometheus: TestPrometheus;
let dataDir: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'adtrobot-scrape-'));
  [database, openRouter, telegram] = await Promise.all([
    createTestDatabase(),
    spawnStandIn('openrouter', ['--port', '0', '--seed', '1', '--latency-scale', '0']),
    spawnStandIn('telegram', ['--port', '0', '--token', TELEGRAM_TEST_TOKEN]),
  ]);
  control = createTelegramControl(telegram.ready['controlUrl'] ?? '');
  server = await spawnServer({
    DATA_DIR: dataDir,
    DATABASE_URL: database.url,
    SESSION_SECRET: 'a long enough secret of this test',
    TELEGRAM_BOT_TOKEN: TELEGRAM_TEST_TOKEN,
    TELEGRAM_API_ROOT: telegram.ready['apiRoot'] ?? '',
    OPENROUTER_API_KEY: 'sk-or-v1-test-0123456789',
    OPENROUTER_BASE_URL: openRouter.ready['url'] ?? '',
    METRICS_TOKEN: TOKEN,
    // Whichever of them is asked, it tells the one sum.
    WEB_CONCURRENCY: '2',
  });
  proxies = { openmetrics: await startScrapeProxy(server.baseUrl), text: await startScrapeProxy(server.baseUrl, 'text/plain;version=0.0.4') };
  prometheus = await startPrometheus(JOBS.map((name) => ({ name, target: proxies[name].target, token: TOKEN })));
  await use();
  await rest();
}, 120_000);

afterAll(async () => {
  // In the order of their start: one that could not be started must not leave those before it behind.
  await server.end();
  await Promise.all([openRouter.stop(), telegram.stop()]);
  await database.drop();
  await rm(dataDir, { recursive: true, force: true });
  for (const name of JOBS) proxies[name].close();
  await prometheus.stop();
});

async function addModelFault(mode: string, times = 1): Promise<void> {
  await fetch(`${openRouter.ready['controlUrl']}/faults`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ mode, times }) });
}

/** How many updates have ended; null while Telegram keeps one or one is open. */
async function countEndedAll(): Promise<number | null> {
  if ((await control.pending()).count > 0) return null;
  const [row] = await database.handle.sql<{ open: number; total: number }[]>`select count(*) filter (where status = 'pending')::int as open, count(*)::int as total from inbox`;
  return row?.open === 0 ? row.total : null;
}

/** Looks twice: the end of one update may be what caused the next, between the look at Telegram and that at the inbox. */
const allEnded = () =>
  eventually('the end of all updates', async () => {
    const count = await countEndedAll();
    return count !== null && count === (await countEndedAll());
  });

/** Readings at once, some of them met by a fault, one user who has blocked the bot, one who pays. */
async function use(): Promise<void> {
  await Promise.all(PEOPLE.map((person) => control.write(person, '/start')));
  await allEnded();
  await Promise.all(PEOPLE.map((person) => control.write(person, '/tarot What will this week bring?')));
  await allEnded();
  // Its cost is unknown, and another's estimated, until it is looked up.
  for (const mode of ['missing_usage', 'missing_cost']) await addModelFault(mode);
  await Promise.all(PEOPLE.slice(0, 2).map((person) => control.write(person, '/tarot And the next?')));
  await allEnded();
  const [first, second, third] = PEOPLE;
  if (!first || !second || !third) throw new Error('nobody is there');
  await addModelFault('503', ATTEMPTS_MAX);
  await control.write(first, '/tarot Will it rain?');
  await allEnded();
  await control.addFault({ method: 'sendMessage', kind: 'error', errorCode: 403, chatId: second.id, times: 1 });
  await control.write(second, '/help');
  await control.write(third, '/premium');
  await allEnded();
  const invoice = (await control.readChat(third.id)).messages.at(-1);
  await control.payInvoice({ chatId: third.id, from: third, messageId: invoice?.messageId ?? 0 });
  await allEnded();
}

/** Nothing moves any more, and Prometheus has scraped what the gauges and the parity check made of it. */
async function rest(): Promise<void> {
  await allEnded();
  await eventually('the look-ups', async () => (await database.handle.sql`select 1 from ai_usage where next_lookup_at is not null or status in ('reserved', 'unknown')`).length === 0);
  const restedAt = Date.now() / 1_000;
  for (const job of JOBS) {
    await eventually('gauges that were read after that', async () => Number((await prometheus.query(`adtrobot_refresh_timestamp_seconds{gauge="active_users",job="${job}"}`))['']) > restedAt);
    // Finished updates are counted the more seldom, the longer counting takes.
    await eventually('a count of all finished updates', async () => {
      const [done] = await database.handle.sql<{ count: number }[]>`select count(*)::int as count from inbox where status = 'done'`;
      return Number((await prometheus.query(`adtrobot_queue_depth{queue="inbox",status="completed",job="${job}"}`))['']) === done?.count;
    });
    await eventually('the parity check', async () => Object.keys(await prometheus.query(`adtrobot_parity_difference{job="${job}"}`, 'quantity')).length === 7);
  }
}

/** The same rows as `query` gives, from SQL: key and value as text. */
async function tell(statement: string): Promise<Record<string, string>> {
  const rows = await database.handle.sql.unsafe<{ key: string | null; value: string }[]>(statement);
  return Object.fromEntries(rows.map(({ key, value }) => [key ?? '', value]));
}

const exact = (values: Record<string, string>) => Object.fromEntries(Object.entries(values).map(([key, value]) => [key, new Big(value).toFixed(12)]));

describe.each(JOBS)('PromQL on what was scraped as %s says the same as SQL', (job) => {
  test.each([
    ['the cost', 'sum(adtrobot_ai_cost_dollars_total{JOB})', '', 'select null as key, sum(cost_usd)::text as value from ai_usage'],
    ['the cost of each operation', 'sum by (operation) (adtrobot_ai_cost_dollars_total{JOB}) > 0', 'operation', 'select operation as key, sum(cost_usd)::text as value from ai_usage group by 1'],
    ['tokens', 'sum by (token_type) (adtrobot_ai_tokens_total{JOB})', 'token_type', `select 'prompt' as key, sum(prompt_tokens)::text as value from ai_usage union select 'completion', sum(completion_tokens)::text from ai_usage`],
    ['attempts', 'sum(adtrobot_ai_requests_total{JOB})', '', 'select null as key, count(*)::text as value from ai_usage'],
    ['active users', 'adtrobot_active_users{period="24h",JOB}', '', 'select null as key, count(distinct user_id)::text as value from interactions'],
    ['updates by outcome', 'sum by (outcome) (adtrobot_bot_updates_total{JOB}) > 0', 'outcome', 'select outcome as key, count(*)::text as value from interactions group by 1'],
    ['errors by type', `sum by (error_type) (adtrobot_errors_total{handler=~"${BOT_HANDLERS.join('|')}",JOB}) > 0`, 'error_type', 'select error_type as key, count(*)::text as value from interactions where error_type is not null group by 1'],
    ['revenue', 'adtrobot_revenue_dollars_total{JOB}', '', 'select null as key, sum(value_usd)::text as value from payments'],
    ['paid Stars', 'adtrobot_revenue_stars_total{JOB}', '', 'select null as key, sum(stars)::text as value from payments'],
    ['finished updates in the inbox', 'adtrobot_queue_depth{queue="inbox",status="completed",JOB}', '', `select null as key, count(*)::text as value from inbox where status = 'done'`],
  ])('of %s', async (_what, promql, by, statement) => {
    const told = exact(await tell(statement));
    expect(Object.values(told).filter((value) => Number(value) > 0)).not.toEqual([]);
    expect(exact(await prometheus.query(promql.replace('JOB', `job="${job}"`), by))).toEqual(told);
  });

  test('and the parity check finds no difference in any quantity', async () => {
    expect(new Set(Object.values(await prometheus.query(`adtrobot_parity_difference{job="${job}"}`, 'quantity')))).toEqual(new Set(['0']));
  });
});

test('the traffic was what it was meant to be: attempts that failed, were resolved late and were corrected, users who failed in two ways', async () => {
  const [row] = await database.handle.sql`
    select (select count(*) from ai_usage where status = 'void')::int as void, (select count(*) from ai_usage where resolved_at is not null)::int as resolved,
      (select count(*) from ai_cost_corrections)::int as corrected, (select count(distinct error_type) from interactions)::int as types, (select count(*) from payments)::int as payments`;
  expect(row).toEqual({ void: ATTEMPTS_MAX, resolved: 1, corrected: 1, types: 2, payments: 1 });
});

test('every scrape was taken: by itself Prometheus gets OpenMetrics, and text where it asks for that, and complains of nothing', async () => {
  expect(await prometheus.query('up', 'job')).toEqual({ openmetrics: '1', text: '1' });
  expect(await prometheus.query('min_over_time(up[2m])', 'job')).toEqual({ openmetrics: '1', text: '1' });
  expect((await prometheus.targets()).map(({ scrapePool, health, lastError }) => [scrapePool, health, lastError]).sort()).toEqual(JOBS.map((job) => [job, 'up', '']));
  expect([...proxies.openmetrics.contentTypes]).toEqual(['application/openmetrics-text; version=1.0.0; charset=utf-8']);
  expect([...proxies.text.contentTypes]).toEqual(['text/plain; version=0.0.4; charset=utf-8']);
  expect(prometheus.log()).not.toMatch(/out.of.order|duplicate|scrape failed|append failed|level=(warn|error)/iu);
});
