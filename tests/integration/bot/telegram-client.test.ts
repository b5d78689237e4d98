import { GrammyError, HttpError } from 'grammy';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPollingIntake, type PollingIntake } from '#server/bot/intake/polling.ts';
import { createOwnerSender } from '#server/bot/send-to-owner.ts';
import { setCommands } from '#server/bot/set-commands.ts';
import { apiSignal, createIntakeApi } from '#server/bot/telegram-api.ts';
import { systemClock } from '#server/lib/clock.ts';
import { SILENT_LOGGER, waitFor } from '#tests/support/bot.ts';
import { BEN, startTestTelegram, type TestTelegram } from '#tests/support/telegram.ts';

let telegram: TestTelegram;
let intake: PollingIntake | undefined;
let seen: [method: string, outcome: string][];
const options = () => ({ token: telegram.token, apiRoot: telegram.apiRoot });
const observe = ({ method, outcome }: { method: string; outcome: string }) => void seen.push([method, outcome]);
beforeEach(async () => {
  telegram = await startTestTelegram();
  await telegram.control.write(BEN, '/start');
  seen = [];
});
afterEach(async () => {
  await intake?.stop();
  intake = undefined;
  await telegram.close();
});

test.each([
  [{ kind: 'error', errorCode: 400 }, 'bad_request'],
  [{ kind: 'error', errorCode: 401 }, 'unauthorized'],
  [{ kind: 'error', errorCode: 403 }, 'blocked'],
  [{ kind: 'error', errorCode: 409 }, 'bad_request'],
  [{ kind: 'error', errorCode: 429 }, 'rate_limited'],
  [{ kind: 'error', errorCode: 500 }, 'server_error'],
  [{ kind: 'html502' }, 'network_error'],
  [{ kind: 'destroy' }, 'network_error'],
] as const)('a request that ends in %j is reported as %s, once, and rejects', async (fault, outcome) => {
  const api = createIntakeApi(options(), observe);
  await telegram.control.addFault({ method: 'getMe', ...fault });
  await expect(api.getMe()).rejects.toThrow();
  expect(seen).toEqual([['getMe', outcome]]);
  await api.getMe();
  expect(seen.at(-1)).toEqual(['getMe', 'ok']);
});

test('a request that we ended ourselves is not reported as a failure', async () => {
  const api = createIntakeApi(options(), observe);
  await telegram.control.addFault({ method: 'getMe', kind: 'hang_before' });
  const stopping = new AbortController();
  const call = api.getMe(apiSignal(stopping.signal));
  setTimeout(() => stopping.abort(), 50);
  await expect(call).rejects.toThrow();
  expect(seen).toEqual([]);
  await telegram.control.clearFaults();
});

test('the owner gets a message as plain text without a preview', async () => {
  const send = createOwnerSender(options(), BEN.id, observe);
  await send('Budget <b>day</b> & https://a.example: *80 %*');
  const [entry] = (await telegram.control.journal(BEN.id)).filter(({ method }) => method === 'sendMessage');
  expect(entry?.payload).toMatchObject({ text: 'Budget <b>day</b> & https://a.example: *80 %*', link_preview_options: { is_disabled: true } });
  expect(entry?.payload).not.toHaveProperty('parse_mode');
  expect(seen).toEqual([['sendMessage', 'ok']]);
});

test.each([
  [{ kind: 'error', errorCode: 429, retryAfterSeconds: 1 }, GrammyError],
  [{ kind: 'error', errorCode: 500 }, GrammyError],
  [{ kind: 'destroy' }, HttpError],
] as const)('a message to the owner that fails (%j) is tried once, and who sent it hears of it', async (fault, error) => {
  const send = createOwnerSender(options(), BEN.id, observe);
  await telegram.control.addFault({ method: 'sendMessage', ...fault });
  await expect(send('trouble')).rejects.toBeInstanceOf(error);
  expect(seen).toHaveLength(1);
});

test('a command menu that cannot be set is somebody else’s to set again, and setting it twice changes nothing', async () => {
  await telegram.control.addFault({ method: 'setMyCommands', kind: 'error', errorCode: 401 });
  await expect(setCommands(telegram.api, SILENT_LOGGER)).rejects.toBeInstanceOf(GrammyError);
  await setCommands(telegram.api, SILENT_LOGGER);
  const once = await telegram.api.getMyCommands({ language_code: 'ru' });
  await setCommands(telegram.api, SILENT_LOGGER);
  expect(await telegram.api.getMyCommands({ language_code: 'ru' })).toEqual(once);
  expect(once).toHaveLength(7);
});

test('intake does not poll again before the time that Telegram named, and loses nothing by the wait', async () => {
  const polled: number[] = [];
  const stored: number[] = [];
  await telegram.control.addFault({ method: 'getUpdates', kind: 'error', errorCode: 429, retryAfterSeconds: 1 });
  intake = createPollingIntake({
    api: createIntakeApi(options(), ({ method }) => void (method === 'getUpdates' && polled.push(performance.now()))),
    storeUpdates: async (updates) => void stored.push(...updates.map(({ update_id: id }) => id)),
    onStored: () => undefined,
    onPoll: () => undefined,
    clock: systemClock,
    logger: SILENT_LOGGER,
  });
  intake.start();
  intake.start();
  await waitFor('the update', async () => (stored.length > 0 ? true : null));
  expect((polled[1] ?? 0) - (polled[0] ?? 0)).toBeGreaterThan(990);
  expect(stored).toHaveLength(1);
});

test('what is stored but cannot be confirmed comes again, and intake hands it on again: the inbox knows it', async () => {
  const batches: number[][] = [];
  let isFirst = true;
  intake = createPollingIntake({
    api: createIntakeApi(options(), observe),
    storeUpdates: async (updates) => {
      batches.push(updates.map(({ update_id: id }) => id));
      if (!isFirst) return;
      isFirst = false;
      throw new Error('the answer of the commit was lost');
    },
    onStored: () => undefined,
    onPoll: () => undefined,
    clock: systemClock,
    logger: SILENT_LOGGER,
  });
  intake.start();
  await waitFor('the second delivery', async () => (batches.length === 2 ? true : null));
  expect(batches[1]).toEqual(batches[0]);
  await waitFor('the confirmation', async () => ((await telegram.control.pending()).count === 0 ? true : null));
});
