import type { Update } from 'grammy/types';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CHECKOUT_MS } from '#server/sandbox/telegram/star-payments.ts';
import { ANNA, BEN, startTestTelegram, type TestTelegram } from '#tests/support/telegram.ts';

let telegram: TestTelegram;
let offset = 0;
beforeEach(async () => {
  offset = 0;
  telegram = await startTestTelegram();
  await telegram.control.write(ANNA, '/premium');
  await nextUpdate();
});
afterEach(async () => {
  vi.useRealTimers();
  await telegram.close();
});

const PRICE = [{ label: 'Premium', amount: 250 }];
const send = (other: { chatId?: number; payload?: string } = {}) =>
  telegram.api.sendInvoice(other.chatId ?? ANNA.id, 'Premium', 'A month of it', other.payload ?? 'invoice-1', 'XTR', PRICE, { start_parameter: 'premium' });
const invoiceSeen = async () => (await telegram.control.readChat(ANNA.id)).messages.find(({ invoice }) => invoice)?.invoice;

/** The next update, confirmed. */
async function nextUpdate(): Promise<Update> {
  const [update] = await telegram.api.getUpdates({ offset, timeout: 5 });
  if (!update) throw new Error('no update came');
  offset = update.update_id + 1;
  return update;
}

/** Sends an invoice, presses Pay and gives what Telegram asks. */
async function askToPay() {
  const { message_id: messageId } = await send();
  const { updateId } = await telegram.control.pay(ANNA, messageId);
  const update = await nextUpdate();
  expect(update.update_id).toBe(updateId);
  if (!update.pre_checkout_query) throw new Error('no question came');
  return { messageId, query: update.pre_checkout_query };
}

/** The same, paid to its end. */
async function pay() {
  const asked = await askToPay();
  await telegram.api.answerPreCheckoutQuery(asked.query.id, true);
  const { message } = await nextUpdate();
  if (!message?.successful_payment) throw new Error('no payment came');
  return { ...asked, message, payment: message.successful_payment };
}

describe('sendInvoice', () => {
  test('gives the invoice back without its payload, and shows it to the person with its price', async () => {
    expect(await send()).toEqual({
      message_id: expect.any(Number) as number,
      from: expect.objectContaining({ is_bot: true }) as object,
      chat: { id: ANNA.id, type: 'private', first_name: ANNA.firstName },
      date: expect.any(Number) as number,
      invoice: { title: 'Premium', description: 'A month of it', start_parameter: 'premium', currency: 'XTR', total_amount: 250 },
    });
    expect(await invoiceSeen()).toEqual({ title: 'Premium', description: 'A month of it', stars: 250, status: 'open', errorMessage: null });
  });

  const body = { chat_id: ANNA.id, title: 'Premium', description: 'A month', payload: 'x', currency: 'XTR', prices: PRICE };
  const answerOf = async (change: object) => {
    const response = await telegram.call('sendInvoice', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ ...body, ...change }) });
    return response.json() as Promise<{ ok: boolean; error_code?: number }>;
  };

  test.each([
    ['a title of 32', { title: 'x'.repeat(32) }],
    ['a description of 255', { description: 'x'.repeat(255) }],
    ['a payload of 128 bytes', { payload: 'ж'.repeat(64) }],
    ['an empty provider token', { provider_token: '' }],
    ['prices as JSON text', { prices: JSON.stringify(PRICE) }],
    ['one Star', { prices: [{ label: 'x', amount: 1 }] }],
  ])('takes %s', async (_what, change) => {
    expect(await answerOf(change)).toMatchObject({ ok: true });
  });

  test.each([
    ['no title', { title: '' }],
    ['a title of 33', { title: 'x'.repeat(33) }],
    ['no description', { description: '' }],
    ['a description of 256', { description: 'x'.repeat(256) }],
    ['no payload', { payload: '' }],
    ['a payload of 129 bytes', { payload: `${'ж'.repeat(64)}x` }],
    ['money in place of Stars', { currency: 'USD' }],
    ['no currency', { currency: undefined }],
    ['a provider token', { provider_token: 'x' }],
    ['two prices', { prices: [...PRICE, ...PRICE] }],
    ['no price', { prices: [] }],
    ['half a Star', { prices: [{ label: 'x', amount: 0.5 }] }],
    ['nothing to pay', { prices: [{ label: 'x', amount: 0 }] }],
    ['a price without a label', { prices: [{ amount: 1 }] }],
    ['a person who never wrote', { chat_id: BEN.id }],
  ])('refuses %s', async (_what, change) => {
    expect(await answerOf(change)).toMatchObject({ ok: false, error_code: 400 });
  });
});

describe('paying', () => {
  test('asks the bot first, by an update that belongs to no chat and has no date', async () => {
    const { query } = await askToPay();
    const from = { id: ANNA.id, is_bot: false, first_name: ANNA.firstName, language_code: 'ru' };
    expect(query).toEqual({ id: expect.stringMatching(/^\d+$/u) as string, from, currency: 'XTR', total_amount: 250, invoice_payload: 'invoice-1' });
    expect(await invoiceSeen()).toMatchObject({ status: 'checking' });
  });

  test('ends in a message of the person with the charge, once the bot agrees', async () => {
    const { message, payment } = await pay();
    expect(message).toMatchObject({ from: { id: ANNA.id, is_bot: false }, chat: { id: ANNA.id, type: 'private' }, date: expect.any(Number) as number });
    expect(message).not.toHaveProperty('text');
    const ids = { telegram_payment_charge_id: expect.stringMatching(/^.{10,}$/u) as string, provider_payment_charge_id: expect.stringMatching(/./u) as string };
    expect(payment).toEqual({ currency: 'XTR', total_amount: 250, invoice_payload: 'invoice-1', ...ids });
    expect(await invoiceSeen()).toMatchObject({ status: 'paid', errorMessage: null });
    const { messages } = await telegram.control.readChat(ANNA.id);
    expect(messages.at(-1)).toMatchObject({ from: 'user', payment: { kind: 'paid', stars: 250, chargeId: payment.telegram_payment_charge_id } });
  });

  test('is heard by a grammY bot in the filters that are made for it', async () => {
    const bot = telegram.createBot();
    const heard: string[] = [];
    bot.on('pre_checkout_query', async (ctx) => {
      heard.push(`asked ${ctx.preCheckoutQuery.invoice_payload}`);
      await ctx.answerPreCheckoutQuery(true);
    });
    bot.on('message:successful_payment', (ctx) => void heard.push(`paid ${ctx.message.successful_payment.total_amount}`));
    bot.on('message:refunded_payment', (ctx) => void heard.push(`refunded ${ctx.message.refunded_payment.total_amount}`));
    const polling = bot.start({ allowed_updates: ['message', 'pre_checkout_query'] });
    const { message_id: messageId } = await send();
    await telegram.control.pay(ANNA, messageId);
    await expect.poll(() => heard, { timeout: 5_000 }).toEqual(['asked invoice-1', 'paid 250']);
    const charged = (await telegram.control.readChat(ANNA.id)).messages.find(({ payment }) => payment);
    await telegram.api.refundStarPayment(ANNA.id, charged?.payment?.chargeId ?? '');
    await expect.poll(() => heard.at(-1), { timeout: 5_000 }).toBe('refunded 250');
    await bot.stop();
    await polling;
  });

  test('is off when the bot says no; its words are shown, nothing is paid, and it may be tried again', async () => {
    const { query, messageId } = await askToPay();
    await telegram.api.answerPreCheckoutQuery(query.id, false, { error_message: 'Sold out.' });
    expect(await invoiceSeen()).toMatchObject({ status: 'refused', errorMessage: 'Sold out.' });
    expect(await telegram.api.getUpdates({ offset })).toEqual([]);
    await telegram.control.pay(ANNA, messageId);
    expect((await nextUpdate()).pre_checkout_query?.id).not.toBe(query.id);
  });

  test('is off when the bot does not answer within ten seconds, and a late answer is refused', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
    const { query } = await askToPay();
    await vi.advanceTimersByTimeAsync(CHECKOUT_MS - 1_500);
    expect(await invoiceSeen()).toMatchObject({ status: 'checking' });
    await vi.advanceTimersByTimeAsync(1_600);
    expect(await invoiceSeen()).toMatchObject({ status: 'timed_out' });
    const late = telegram.api.answerPreCheckoutQuery(query.id, true);
    await expect(late).rejects.toMatchObject({ error_code: 400, description: 'Bad Request: query is too old and response timeout expired or query ID is invalid' });
  });

  test('takes one answer to a question, and none to a question that was never asked', async () => {
    const { query } = await askToPay();
    await expect(telegram.api.answerPreCheckoutQuery('1', true)).rejects.toMatchObject({ error_code: 400 });
    await expect(telegram.api.answerPreCheckoutQuery(query.id, false)).rejects.toMatchObject({ error_code: 400 });
    await telegram.api.answerPreCheckoutQuery(query.id, true);
    await expect(telegram.api.answerPreCheckoutQuery(query.id, true)).rejects.toMatchObject({ error_code: 400 });
  });

  test('is refused for what is paid or being paid, for no invoice, and for who has blocked the bot', async () => {
    const { messageId } = await askToPay();
    await expect(telegram.control.pay(ANNA, messageId)).rejects.toMatchObject({ code: 'conflict' });
    const text = await telegram.api.sendMessage(ANNA.id, 'Hello');
    await expect(telegram.control.pay(ANNA, text.message_id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(telegram.control.pay(ANNA, 999)).rejects.toMatchObject({ code: 'not_found' });
    await telegram.control.changeMember({ chatId: ANNA.id, from: ANNA, isBlocked: true });
    await expect(telegram.control.pay(ANNA, messageId)).rejects.toMatchObject({ code: 'conflict' });
  });

  test('twice is two charges', async () => {
    const [first, second] = [await pay(), await pay()];
    expect(first.payment.telegram_payment_charge_id).not.toBe(second.payment.telegram_payment_charge_id);
  });

  test('is not asked of a bot that does not listen for it, and so comes to nothing', async () => {
    await telegram.api.getUpdates({ offset, allowed_updates: ['message'] });
    const { message_id: messageId } = await send();
    await telegram.control.pay(ANNA, messageId);
    expect((await telegram.control.pending()).count).toBe(0);
  });
});

describe('a refund', () => {
  const refusal = (description: string) => ({ error_code: 400, description: `Bad Request: ${description}` });

  test('by the bot is told to it in a message with the charge, and shown to the person', async () => {
    const { payment } = await pay();
    expect(await telegram.api.refundStarPayment(ANNA.id, payment.telegram_payment_charge_id)).toBe(true);
    const { message } = await nextUpdate();
    expect(message?.from).toMatchObject({ id: ANNA.id });
    expect(message?.refunded_payment).toEqual(payment);
    const { messages } = await telegram.control.readChat(ANNA.id);
    expect(messages.at(-1)?.payment).toMatchObject({ kind: 'refunded', stars: 250 });
  });

  test('is refused a second time, for another person, and for a charge that nobody knows', async () => {
    const { payment } = await pay();
    const chargeId = payment.telegram_payment_charge_id;
    await expect(telegram.api.refundStarPayment(BEN.id, chargeId)).rejects.toMatchObject(refusal('CHARGE_NOT_FOUND'));
    await expect(telegram.api.refundStarPayment(ANNA.id, 'x')).rejects.toMatchObject(refusal('CHARGE_NOT_FOUND'));
    await telegram.api.refundStarPayment(ANNA.id, chargeId);
    await expect(telegram.api.refundStarPayment(ANNA.id, chargeId)).rejects.toMatchObject(refusal('CHARGE_ALREADY_REFUNDED'));
  });

  test('may also come from Telegram itself, once', async () => {
    const { payment } = await pay();
    const { updateId } = await telegram.control.refund(ANNA, payment.telegram_payment_charge_id);
    expect(await nextUpdate()).toMatchObject({ update_id: updateId, message: { refunded_payment: { total_amount: 250 } } });
    await expect(telegram.control.refund(ANNA, payment.telegram_payment_charge_id)).rejects.toThrow('409');
    await expect(telegram.control.refund(BEN, payment.telegram_payment_charge_id)).rejects.toThrow('404');
  });
});
