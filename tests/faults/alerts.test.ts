import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test, type TestContext } from 'vitest';
import { closeDatabase, startReceiver } from '#tests/support/alerts.ts';
import { createTestDatabase } from '#tests/support/database.ts';
import { eventually, spawnServer, spawnStandIn } from '#tests/support/processes.ts';
import { BEN, createTelegramControl, TELEGRAM_TEST_TOKEN, type TelegramControl } from '#tests/support/telegram.ts';

/*
 * The built server, whose owner is told of outages in a Telegram chat and by a webhook. Each outage has a server and a
 * Telegram of its own; they happen side by side, because an outage is over only a minute after its end.
 */
/** Telegram is looked at once a minute, and what fails twice is an outage. */
const PROMPT_MS = 110_000;
const OUTAGE_MS = 160_000;
const TEST_MS = PROMPT_MS + 2 * OUTAGE_MS;
/** Of what the server printed, when a test fails. */
const OUTPUT_LENGTH_MAX = 8_000;

let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'adtrobot-alerts-'));
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

interface Setup {
  readonly name: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Before the server starts. */
  readonly prepare?: (control: TelegramControl) => Promise<void>;
  readonly test: Pick<TestContext, 'onTestFinished' | 'onTestFailed'>;
}

/** A server with a Telegram, an owner who has written to the bot, and a receiver of alerts; all end with the test. */
async function startAll({ name, env = {}, prepare = async () => undefined, test: { onTestFinished, onTestFailed } }: Setup) {
  const telegram = await spawnStandIn('telegram', ['--port', '0', '--token', TELEGRAM_TEST_TOKEN]);
  onTestFinished(async () => void (await telegram.stop()));
  const receiver = await startReceiver();
  onTestFinished(() => receiver.close());
  const control = createTelegramControl(telegram.ready['controlUrl'] ?? '');
  await control.write(BEN, '/start');
  await prepare(control);
  const server = await spawnServer({
    DATA_DIR: join(dataDir, name),
    TELEGRAM_BOT_TOKEN: TELEGRAM_TEST_TOKEN,
    TELEGRAM_API_ROOT: telegram.ready['apiRoot'] ?? '',
    OWNER_TELEGRAM_CHAT_ID: String(BEN.id),
    ALERT_WEBHOOK_URL: receiver.url,
    ...env,
  });
  onTestFinished(async () => void (await server.end()));
  onTestFailed(() => void process.stderr.write(server.output().slice(-OUTPUT_LENGTH_MAX)));
  return {
    server,
    control,
    received: receiver.received,
    toWebhook: () => receiver.received.map(({ body }) => `${body.kind} ${body.checks.join()}`),
    toOwner: async () => {
      const { messages } = await control.readChat(BEN.id);
      return messages.map(({ text }) => /^(Down|Recovered): .*$/m.exec(text)?.[0]).filter((line) => line !== undefined);
    },
  };
}

describe.concurrent('the owner', () => {
  test('is told by the webhook at once while Telegram is away, and in the chat when it is back, once each', async ({ expect, ...context }) => {
    const prepare = (control: TelegramControl) => control.addFault({ method: '*', kind: 'destroy', times: 100_000 });
    const all = await startAll({ name: 'telegram', prepare, test: context });
    await eventually('the webhook to be told', () => all.received.length > 0, PROMPT_MS);
    expect(all.received[0]?.body.text).toContain('telegram: Telegram cannot be reached.');
    expect(await all.toOwner()).toEqual([]);
    await all.control.clearFaults();
    await eventually('the owner to be told', async () => (await all.toOwner()).length > 0, OUTAGE_MS);
    await eventually('the recovery on both', async () => (await all.toOwner()).length > 1 && all.received.length > 1, OUTAGE_MS);
    expect([await all.toOwner(), all.toWebhook()]).toEqual([['Down: telegram', 'Recovered: telegram'], ['down telegram', 'recovered telegram']]);
    const metrics = await (await fetch(`${all.server.baseUrl}/metrics`)).text();
    expect(metrics).toMatch(/adtrobot_jobs_total\{job="deliver_alerts",outcome="retried"\} [1-9]/);
    expect(metrics).toMatch(/adtrobot_queue_depth\{queue="deliver_alerts",status="completed"\} [1-9]/);
    expect(await all.server.end()).toBe(0);
  }, TEST_MS);

  test('is told of an outage of Postgres while it lasts, on both channels, and of its end, once each', async ({ expect, ...context }) => {
    const database = await createTestDatabase();
    context.onTestFinished(() => database.drop());
    const env = { DATABASE_URL: database.url, SESSION_SECRET: 'a-secret-of-this-test-0123456789' };
    const all = await startAll({ name: 'postgres', env, test: context });
    const isReady = async () => (await fetch(`${all.server.baseUrl}/health/ready`)).ok;
    await eventually('the server to be ready for traffic', isReady);
    const away = await closeDatabase(database.url);
    await eventually('the server to notice', async () => !(await isReady()));
    await eventually('both to be told', async () => all.received.length > 0 && (await all.toOwner()).length > 0, PROMPT_MS);
    expect(all.received[0]?.body.text).toContain('database: Postgres does not answer.');
    await away.open();
    await eventually('the recovery on both', async () => (await all.toOwner()).length > 1 && all.received.length > 1, OUTAGE_MS);
    expect([await all.toOwner(), all.toWebhook()]).toEqual([['Down: database', 'Recovered: database'], ['down database', 'recovered database']]);
    expect(all.received[1]?.body.downAlertId).toBe(all.received[0]?.body.id);
    expect(await all.server.end()).toBe(0);
  }, TEST_MS);
});
