import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createWebhookIntake } from '#server/bot/intake/webhook.ts';
import { systemClock } from '#server/lib/clock.ts';
import { storeUpdates } from '#server/services/inbox/store-updates.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { SILENT_LOGGER, startBotRig, waitFor, type BotRig } from '#tests/support/bot.ts';
import { ANNA, BEN, type TelegramControl } from '#tests/support/telegram.ts';
import { allEnded } from '#tests/support/updates.ts';
import { startTestServer, type TestServer } from '../../unit/http/test-server.ts';

const SECRET = 'a-secret_of-this-test';
const FUZZ_RUNS = 1_000;

let rig: BotRig;
let replicas: { readonly server: TestServer; readonly runtime: BotRig['runtime'] }[];

/** A replica as it is composed: the site takes updates, and wakes the worker beside it, which here never looks by itself. */
async function startReplica(runtime: BotRig['runtime']) {
  const { db } = rig.generations;
  const server = await startTestServer({}, undefined, createWebhookIntake({
    secrets: [SECRET],
    storeUpdates: (updates, receivedAt) => storeUpdates(db, updates, receivedAt),
    onStored: () => runtime.worker.notify(),
    clock: systemClock,
    logger: SILENT_LOGGER,
  }));
  runtime.worker.start();
  return { server, runtime };
}

beforeAll(async () => {
  rig = await startBotRig({ isStopped: true, worker: { pollIntervalMs: 3_600_000 } });
  replicas = [await startReplica(rig.runtime), await startReplica(rig.createRuntime())];
});
afterEach(() => allEnded(rig));
afterAll(async () => {
  await Promise.all(replicas.map(({ server }) => server.close()));
  await rig.close();
});

async function bring(body: BodyInit, replica = 0): Promise<number> {
  const url = `http://127.0.0.1:${replicas[replica]?.server.port}/telegram/webhook`;
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': SECRET }, body });
  await response.arrayBuffer();
  return response.status;
}

/** Says something to the bot and gives the update that Telegram has for it, as it would be posted. */
async function say(...message: Parameters<TelegramControl['write']>) {
  const { updateId } = await rig.telegram.control.write(...message);
  const [update] = await rig.telegram.api.getUpdates({ offset: updateId });
  return { updateId, body: JSON.stringify(update) };
}

const rowsOf = (updateId: number) => rig.database.handle.sql`select payload, status from inbox where update_id = ${updateId}`;

test('an update that is brought to both replicas at the same time, three times each, costs one reading and is answered once', async () => {
  const { updateId, body } = await say(BEN, '/tarot What will this week bring?');
  const statuses = await Promise.all([0, 1, 0, 1, 0, 1].map((replica) => bring(body, replica)));
  expect(statuses).toEqual([200, 200, 200, 200, 200, 200]);
  await allEnded(rig);
  expect(await bring(body, 1)).toBe(200);
  await allEnded(rig);
  expect(await rowsOf(updateId)).toHaveLength(1);
  const { sql } = rig.database.handle;
  expect([...(await sql`select status, disposition from ai_usage`)]).toEqual([{ status: 'settled', disposition: 'delivered' }]);
  expect([...(await sql`select count(*)::int as count from interactions where update_id = ${updateId}`)]).toEqual([{ count: 1 }]);
  expect((await rig.openRouter.journal()).entries).toHaveLength(1);
});

test('updates of a chat that come in the wrong order are all worked on, each once', async () => {
  const bodies: string[] = [];
  for (let index = 0; index < 6; index += 1) bodies.unshift((await say(ANNA, '/help')).body);
  expect(await Promise.all(bodies.map((body, index) => bring(body, index % 2)))).toEqual(bodies.map(() => 200));
  await allEnded(rig);
  expect(await rig.replies(ANNA, bodies.length)).toHaveLength(bodies.length);
  const handled = () => rig.handled.filter(({ handler }) => handler === 'help');
  await waitFor('the observer', async () => (handled().length >= bodies.length ? true : null));
  expect(handled()).toHaveLength(bodies.length);
});

test('what is unknown in an update is kept, and what Postgres cannot hold is left out of names and texts alike', async () => {
  const updateId = 1_000_000;
  const update = { update_id: updateId, of_tomorrow: { 'a\u0000b': 'c\u0000d', 'half \ud83d': ['\udd2e whole: 🔮'], 'written out \\u0000': '\\ud83d' } };
  expect(await bring(JSON.stringify(update))).toBe(200);
  const [row] = await rowsOf(updateId);
  expect(row?.['payload']).toEqual({ update_id: updateId, of_tomorrow: { ab: 'cd', 'half \ufffd': ['\ufffd whole: 🔮'], 'written out \\u0000': '\\ud83d' } });
});

test('a database that is away is 503, and the same update is taken when it is back', async () => {
  const gone = await createTestDatabase();
  const intake = (database: TestDatabase) => createWebhookIntake({
    secrets: [SECRET],
    storeUpdates: (updates, receivedAt) => storeUpdates(database.handle.db, updates, receivedAt),
    onStored: () => undefined,
    clock: systemClock,
    logger: SILENT_LOGGER,
  });
  const server = await startTestServer({}, undefined, intake(gone));
  replicas.push({ server, runtime: rig.runtime });
  const { body } = await say(BEN, '/help');
  const index = replicas.length - 1;
  await gone.drop();
  const startedAt = performance.now();
  expect(await bring(body, index)).toBe(503);
  expect(performance.now() - startedAt).toBeLessThan(7_000);
  expect(await bring(body)).toBe(200);
});

/** Bodies of every kind: bytes, JSON of any shape, updates with anything in them, nesting, and names that are dangerous elsewhere. */
function anyBody(): fc.Arbitrary<Uint8Array> {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const dangerous = fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'a\u0000', '\ud800', 'chat', 'from', 'message');
  const text = fc.string({ unit: 'binary' });
  const value = fc.anything({ key: fc.oneof(dangerous, text), values: [text, fc.double(), fc.integer(), fc.boolean(), fc.constant(null)], maxDepth: 4 });
  const id = fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.double(), fc.string());
  const update = fc.tuple(id, fc.dictionary(fc.oneof(dangerous, fc.string()), value)).map(([updateId, fields]) => ({ ...fields, update_id: updateId }));
  const nested = fc.integer({ min: 1, max: 20_000 }).map((levels) => `{"update_id":1,"x":${'['.repeat(levels)}${']'.repeat(levels)}}`);
  const written = (one: unknown) => JSON.stringify(one) ?? '';
  const pollution = '"__proto__":{"isPolluted":true}';
  const polluting = fc.maxSafeNat().map((updateId) => `{"update_id":${updateId},${pollution},"message":{${pollution},"chat":{"id":1e400}}}`);
  return fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.json({ stringUnit: 'binary' }).map(bytes),
    value.map((one) => bytes(written(one))),
    update.map((one) => bytes(written(one))),
    fc.oneof(nested, polluting).map(bytes),
  );
}

test('no body whatever is a fault of the server, and none changes what it did not bring', async () => {
  const [{ server } = { server: null }] = replicas;
  const counts = new Map<number, number>();
  // Stored only: what the bot does with odd updates is tested elsewhere.
  await Promise.all(replicas.map(({ runtime }) => runtime.worker.stop()));
  await fc.assert(
    fc.asyncProperty(anyBody(), async (body) => {
      const status = await bring(new Blob([Buffer.from(body)]));
      counts.set(status, (counts.get(status) ?? 0) + 1);
      expect([200, 400]).toContain(status);
    }),
    { numRuns: FUZZ_RUNS },
  );
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(Reflect.get({}, 'isPolluted')).toBeUndefined();
  expect(server?.logged).toEqual([]);
  for (const status of [200, 400]) expect(counts.get(status), String(status)).toBeGreaterThan(FUZZ_RUNS / 20);
  await rig.database.handle.sql`update inbox set status = 'done', finished_at = now() where status = 'pending'`;
}, 60_000);
