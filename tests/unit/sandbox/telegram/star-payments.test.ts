import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keepSnapshot } from '#server/sandbox/telegram/keep-snapshot.ts';
import { answerPreCheckoutQuery, refundStarPayment, sendInvoice } from '#server/sandbox/telegram/methods-payments.ts';
import { viewChat, writeMessage } from '#server/sandbox/telegram/person-actions.ts';
import { payInvoice } from '#server/sandbox/telegram/person-payments.ts';
import { findSnapshot } from '#server/sandbox/telegram/snapshot.ts';
import { CHECKOUT_MS } from '#server/sandbox/telegram/star-payments.ts';
import { createWorld, type World } from '#server/sandbox/telegram/world.ts';

const from = { id: 5, firstName: 'A' };
let directory: string;
let world: World;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'adtrobot-stars-'));
  world = createWorld('42:secret', null, Date.now);
  writeMessage(world, { chatId: 5, from, text: '/premium' });
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(directory, { recursive: true, force: true });
});

function send(): number {
  return sendInvoice(world, { chat_id: 5, title: 'T', description: 'D', payload: 'P', currency: 'XTR', prices: [{ label: 'x', amount: 7 }] }).message_id;
}

/** Presses Pay and gives the id of the question. */
function press(messageId: number): string {
  const { updateId } = payInvoice(world, { chatId: 5, from, messageId });
  const asked = world.updates.pending().find(({ update_id: id }) => id === updateId)?.pre_checkout_query;
  if (!asked) throw new Error('no question came');
  return asked.id;
}

/** The world as it is after a restart. */
function restart(): World {
  const path = join(directory, 'state.json');
  keepSnapshot(path, world)();
  return createWorld('42:secret', findSnapshot(path), Date.now);
}
const statusIn = (where: World) => viewChat(where, 5, 0).messages.find(({ invoice }) => invoice)?.invoice?.status;

test('a charge outlives a restart: it can still be refunded, once', () => {
  answerPreCheckoutQuery(world, { pre_checkout_query_id: press(send()), ok: true });
  const chargeId = world.payments.charges()[0]?.chargeId ?? '';
  world = restart();
  expect(statusIn(world)).toBe('paid');
  expect(refundStarPayment(world, { user_id: 5, telegram_payment_charge_id: chargeId })).toBe(true);
  world = restart();
  expect(() => refundStarPayment(world, { user_id: 5, telegram_payment_charge_id: chargeId })).toThrow('CHARGE_ALREADY_REFUNDED');
});

test('a question that was open when the stand-in ended counts as one that nobody answered, and can be asked again', () => {
  const messageId = send();
  press(messageId);
  expect(statusIn(world)).toBe('checking');
  world = restart();
  expect(statusIn(world)).toBe('timed_out');
  answerPreCheckoutQuery(world, { pre_checkout_query_id: press(messageId), ok: 'true' });
  expect(statusIn(world)).toBe('paid');
});

test('that nobody answered in time shows to who only looks at what is new', () => {
  vi.useFakeTimers();
  press(send());
  const { sequence } = viewChat(world, 5, 0);
  expect(viewChat(world, 5, sequence).messages).toEqual([]);
  vi.advanceTimersByTime(CHECKOUT_MS);
  expect(viewChat(world, 5, sequence).messages).toMatchObject([{ invoice: { status: 'timed_out' } }]);
});

test('an answer about a message that is long forgotten pays nothing and harms nobody', () => {
  const query = press(send());
  for (let count = 0; count < 250; count += 1) writeMessage(world, { chatId: 5, from, text: 'hi' });
  expect(answerPreCheckoutQuery(world, { pre_checkout_query_id: query, ok: true })).toBe(true);
  expect(world.payments.charges()).toEqual([]);
});

test('a memory from before there were payments is read as one without them', () => {
  const fresh = createWorld('42:secret', { nextUpdateId: 1, nextMessageId: 1, sequence: 1, chats: [], updates: [] }, Date.now);
  expect(fresh.payments.charges()).toEqual([]);
});
