import type { Api } from 'grammy';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPollingIntake, type PollEvent, type PollingIntake } from '#server/bot/intake/polling.ts';
import { createIntakeApi } from '#server/bot/telegram-api.ts';
import { systemClock } from '#server/lib/clock.ts';
import { SILENT_LOGGER, waitFor } from '#tests/support/bot.ts';
import { ANNA, BEN, startTestTelegram, type TestTelegram } from '#tests/support/telegram.ts';

let telegram: TestTelegram;
let intake: PollingIntake | undefined;
const stored: number[] = [];
const polls: PollEvent[] = [];
const outcomes: string[] = [];

beforeEach(async () => {
  telegram = await startTestTelegram();
  for (const list of [stored, polls, outcomes]) list.length = 0;
});
afterEach(async () => {
  await intake?.stop();
  await telegram.close();
});

function startIntake(storeUpdates: (ids: number[]) => Promise<void> = async () => undefined, api?: Api): PollingIntake {
  intake = createPollingIntake({
    api: api ?? createIntakeApi({ token: telegram.token, apiRoot: telegram.apiRoot }, ({ outcome }) => void outcomes.push(outcome)),
    storeUpdates: async (updates) => {
      const ids = updates.map((update) => update.update_id);
      await storeUpdates(ids);
      stored.push(...ids);
    },
    onStored: () => undefined,
    onPoll: (event) => void polls.push(event),
    clock: systemClock,
    logger: SILENT_LOGGER,
  });
  intake.start();
  return intake;
}

const seen = (count: number) => waitFor(`${count} stored updates`, async () => (stored.length >= count ? true : null));
const pending = async () => (await telegram.control.pending()).count;

test('updates are confirmed only after they are stored', async () => {
  const gate = Promise.withResolvers<void>();
  startIntake(() => gate.promise);
  await telegram.control.write(BEN, 'one');
  await waitFor('the poll', async () => (outcomes.length >= 2 ? true : null));
  expect(await pending()).toBe(1);
  gate.resolve();
  await waitFor('the confirmation', async () => ((await pending()) === 0 ? true : null));
  expect(stored).toHaveLength(1);
});

test('a store that fails confirms nothing, and the update comes again', async () => {
  let failures = 1;
  startIntake(async () => {
    if (failures-- > 0) throw new Error('the database is away');
  });
  const { updateId } = await telegram.control.write(BEN, 'one');
  await seen(1);
  expect(stored).toEqual([updateId]);
  expect(polls.map(({ outcome }) => outcome)).toContain('failed');
});

test('stopping in the middle of a poll is quick and confirms nothing', async () => {
  const running = startIntake();
  await waitFor('a poll', async () => ((await telegram.control.pending()).isPolling ? true : null));
  const startedAt = Date.now();
  await Promise.all([running.stop(), running.stop()]);
  expect(Date.now() - startedAt).toBeLessThan(1_000);
  await telegram.control.write(ANNA, 'later');
  expect(await pending()).toBe(1);
  running.start();
  expect((await telegram.control.pending()).isPolling).toBe(false);
  expect(outcomes).not.toContain('network_error');
});

test('a webhook that is still set is removed, and what waited is kept', async () => {
  await telegram.control.write(BEN, 'waiting');
  startIntake();
  await seen(1);
  const [first] = await telegram.control.journal();
  expect(first).toMatchObject({ method: 'deleteWebhook', payload: { drop_pending_updates: false } });
});

test('the bot asks for the updates that it handles, and no others', async () => {
  const asked: string[][] = [];
  const api = createIntakeApi({ token: telegram.token, apiRoot: telegram.apiRoot }, () => undefined);
  api.config.use((call, method, payload, signal) => {
    if ('allowed_updates' in payload) asked.push([...(payload.allowed_updates ?? [])]);
    return call(method, payload, signal);
  });
  startIntake(undefined, api);
  await waitFor('a poll', async () => (asked.length > 0 ? true : null));
  expect(asked[0]).toEqual(['message', 'callback_query', 'pre_checkout_query', 'my_chat_member']);
});

test('a poll that fails is reported, waited for, and does not end the intake', async () => {
  await telegram.control.addFault({ method: 'getUpdates', kind: 'error', errorCode: 500 });
  await telegram.control.addFault({ method: 'getUpdates', kind: 'destroy' });
  const running = startIntake();
  await telegram.control.write(BEN, 'one');
  await seen(1);
  expect(outcomes).toEqual(expect.arrayContaining(['server_error', 'network_error', 'ok']));
  expect(polls.filter(({ outcome }) => outcome === 'failed')).toHaveLength(2);
  expect(running.lastPolledAt()?.getTime()).toBeGreaterThan(Date.now() - 5_000);
});
