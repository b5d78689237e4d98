import { afterEach, beforeEach, expect, test } from 'vitest';
import { formatDate } from '#server/bot/format-date.ts';
import type { Person } from '#server/sandbox/telegram/control-schemas.ts';
import { startBotRig, waitFor, type BotRig } from '#tests/support/bot.ts';
import { ANNA, BEN } from '#tests/support/telegram.ts';
import { allEnded, handleUpdates, messageFrom } from '#tests/support/updates.ts';

let rig: BotRig;
beforeEach(async () => {
  rig = await startBotRig();
});
afterEach(() => rig.close());

const DAY_MS = 86_400_000;
const lastSeen = async (person: Person) => (await rig.telegram.control.readChat(person.id)).messages.at(-1);
const interactions = async () => (await rig.database.handle.sql`select handler, outcome, error_type from interactions order by at, id`).map((row) => ({ ...row }));
const paymentRows = () => rig.database.handle.sql`select telegram_payment_charge_id as charge, paid_at, period_ends_at, refunded_at, invoice_id::text, value_usd from payments order by id`;

/** Asks for premium and gives the message that is the invoice. */
async function askForInvoice(person: Person): Promise<number> {
  const replies = await rig.ask(person, '/premium', 2);
  const invoice = replies.find((message) => message.invoice);
  if (!invoice) throw new Error('no invoice came');
  return invoice.messageId;
}

/** The charges that a person sees in the chat, and whether the update of each has ended. */
async function paidUpdates(person: Person) {
  const { messages } = await rig.telegram.control.readChat(person.id);
  const charges = messages.flatMap(({ payment }) => (payment?.kind === 'paid' ? [payment.chargeId] : []));
  const rows = await rig.database.handle.sql`select payload->'message'->'successful_payment'->>'telegram_payment_charge_id' as charge from inbox where status <> 'pending'`;
  const ended = new Set(rows.map((row) => String(row['charge'])));
  return charges.map((charge) => ({ charge, ended: ended.has(charge) }));
}

/** Presses Pay and gives what becomes of it. */
async function pay(person: Person, messageId: number) {
  await rig.telegram.control.pay(person, messageId);
  const invoice = await waitFor('the answer of the bot', async () => {
    const { messages } = await rig.telegram.control.readChat(person.id);
    const seen = messages.find((message) => message.messageId === messageId)?.invoice;
    return seen && seen.status !== 'checking' ? seen : null;
  });
  if (invoice.status === 'paid') await waitFor('the end of the payment', async () => ((await paidUpdates(person)).every(({ ended }) => ended) ? true : null));
  await allEnded(rig);
  return invoice;
}

async function premiumUntil(person: Person): Promise<Date | null> {
  const [row] = await rig.database.handle.sql<{ premium_until: Date | null }[]>`select premium_until from users where telegram_user_id = ${person.id}`;
  return row?.premium_until ?? null;
}
const dayOf = (at: Date | null, language: 'en' | 'ru' = 'en') => formatDate(at?.toISOString().slice(0, 10) ?? '', language);

test('/premium says what it is and what it costs, and sends an invoice that is on record', async () => {
  const [offer, invoice] = await rig.ask(BEN, '/premium', 2);
  expect(offer?.text).toContain('30 days for ⭐ 250');
  expect(offer?.text).toContain('1,000 characters instead of 500');
  expect(invoice?.invoice).toMatchObject({ title: 'Premium for 30 days', stars: 250, status: 'open' });
  const [row] = await rig.database.handle.sql`select id::text, plan, stars, checked_at, paid_at from invoices`;
  const sent = (await rig.telegram.control.journal(BEN.id)).find(({ method }) => method === 'sendInvoice');
  expect(row).toEqual({ id: sent?.payload['payload'], plan: 'premium', stars: 250, checked_at: null, paid_at: null });
  expect(sent?.payload).toMatchObject({ currency: 'XTR', start_parameter: 'premium' });
  expect(await interactions()).toEqual([{ handler: 'premium', outcome: 'ok', error_type: null }]);
});

test('a paid invoice is booked with its charge, gives a month, is thanked for and told once', async () => {
  expect(await pay(ANNA, await askForInvoice(ANNA))).toMatchObject({ status: 'paid' });
  const until = await premiumUntil(ANNA);
  expect(until?.getTime()).toBeGreaterThan(Date.now() + 30 * DAY_MS - 60_000);
  expect((await lastSeen(ANNA))?.text).toContain(`Ваш премиум действует до ${dayOf(until, 'ru')}`);
  const [payment, ...others] = await paymentRows();
  const [invoice] = await rig.database.handle.sql`select id::text, checked_at, paid_at from invoices`;
  expect(others).toEqual([]);
  expect(payment).toMatchObject({ period_ends_at: until, refunded_at: null, invoice_id: invoice?.['id'], value_usd: '3.250000000000' });
  expect(invoice).toMatchObject({ checked_at: expect.any(Date) as Date, paid_at: payment?.['paid_at'] as Date });
  expect(rig.bookedPayments).toEqual([{ plan: 'premium', stars: 250, valueUsd: '3.25', isFirstOfUser: true }]);
  expect(await interactions()).toEqual([0, 1, 2].map(() => ({ handler: 'premium', outcome: 'ok', error_type: null })));
});

test('the same payment in ever new updates is booked and told once', async () => {
  await pay(BEN, await askForInvoice(BEN));
  const [first] = await paymentRows();
  const payment = { currency: 'XTR', total_amount: 250, invoice_payload: first?.['invoice_id'] as string, telegram_payment_charge_id: first?.['charge'] as string, provider_payment_charge_id: 'x' };
  await handleUpdates(rig, ...[1, 2, 3].map((id) => messageFrom(id, BEN, { successful_payment: payment })));
  expect(await paymentRows()).toEqual([first]);
  expect(await premiumUntil(BEN)).toEqual(first?.['period_ends_at']);
  expect(rig.bookedPayments).toHaveLength(1);
});

test('thanks that Telegram loses are said again; the payment is booked once', async () => {
  const invoice = await askForInvoice(BEN);
  await rig.telegram.control.addFault({ method: 'sendMessage', kind: 'destroy', times: 2 });
  await pay(BEN, invoice);
  expect((await lastSeen(BEN))?.text).toContain('Thank you! Your premium lasts until');
  expect(await paymentRows()).toHaveLength(1);
  expect(rig.bookedPayments).toHaveLength(1);
});

test('a month paid early is added to the end, and the bot says so before and after', async () => {
  await pay(BEN, await askForInvoice(BEN));
  const first = await premiumUntil(BEN);
  const [offer] = (await rig.ask(BEN, '/premium', 2)).filter(({ text }) => text.includes('Your premium lasts until'));
  expect(offer?.text).toContain(dayOf(first));
  await pay(BEN, await askForInvoice(BEN));
  const second = await premiumUntil(BEN);
  expect((second?.getTime() ?? 0) - (first?.getTime() ?? 0)).toBe(30 * DAY_MS);
  expect((await lastSeen(BEN))?.text).toContain(dayOf(second));
  expect(rig.bookedPayments.map(({ isFirstOfUser }) => isFirstOfUser)).toEqual([true, false]);
});

test('returned Stars take the premium back, and the user is told', async () => {
  await pay(BEN, await askForInvoice(BEN));
  const [payment] = await paymentRows();
  await rig.telegram.api.refundStarPayment(BEN.id, payment?.['charge'] as string);
  const told = await waitFor('the news', async () => ((await lastSeen(BEN))?.text.includes('returned') ? lastSeen(BEN) : null));
  expect(told?.text).toBe('Your Stars were returned, and your premium has ended.');
  expect(await premiumUntil(BEN)).toBeNull();
  expect((await paymentRows())[0]).toMatchObject({ refunded_at: expect.any(Date) as Date });
  await waitFor('the end', async () => ((await interactions()).length === 4 ? true : null));
  expect((await interactions()).at(-1)).toEqual({ handler: 'premium', outcome: 'ok', error_type: null });
});

test('when one of two months is returned, the other is said to go on', async () => {
  await pay(BEN, await askForInvoice(BEN));
  await pay(BEN, await askForInvoice(BEN));
  const [payment] = await paymentRows();
  await rig.telegram.control.refund(BEN, payment?.['charge'] as string);
  const told = await waitFor('the news', async () => ((await lastSeen(BEN))?.text.includes('returned') ? lastSeen(BEN) : null));
  expect(told?.text).toContain(`What else you paid for lasts until ${dayOf(await premiumUntil(BEN))}`);
});

test('a refund of a payment that nobody knows ends without a word', async () => {
  await rig.ask(BEN, '/help');
  const refund = { currency: 'XTR', total_amount: 250, invoice_payload: 'x', telegram_payment_charge_id: 'unknown' };
  await handleUpdates(rig, messageFrom(1, BEN, { refunded_payment: refund }));
  expect(await rig.replies(BEN)).toHaveLength(1);
  expect((await interactions()).at(-1)).toEqual({ handler: 'premium', outcome: 'ok', error_type: null });
});

test('money that came by an unknown invoice is booked for who paid it', async () => {
  await rig.ask(BEN, '/help');
  const payment = { currency: 'XTR', total_amount: 100, invoice_payload: 'old', telegram_payment_charge_id: 'stray', provider_payment_charge_id: 'x' };
  await handleUpdates(rig, messageFrom(1, BEN, { successful_payment: payment }));
  expect(await paymentRows()).toMatchObject([{ charge: 'stray', invoice_id: null, value_usd: '1.300000000000' }]);
  expect((await lastSeen(BEN))?.text).toContain('Thank you!');
});

/** Sends an invoice as nobody but the bot could, and gives what becomes of paying it. */
async function payForged(person: Person, invoice: { payload: string; amount?: number }) {
  const price = [{ label: 'Premium', amount: invoice.amount ?? 250 }];
  const { message_id: messageId } = await rig.telegram.api.sendInvoice(person.id, 'Premium', 'A month', invoice.payload, 'XTR', price);
  return pay(person, messageId);
}
const payloadOf = async () => String((await rig.database.handle.sql`select id::text from invoices`)[0]?.['id']);

test('someone else’s invoice, another amount and an unknown invoice are refused in words, and nothing is booked', async () => {
  await Promise.all([askForInvoice(BEN), rig.ask(ANNA, '/help')]);
  const payload = await payloadOf();
  const foreign = await payForged(ANNA, { payload });
  expect(foreign).toMatchObject({ status: 'refused', errorMessage: expect.stringContaining('Этот счёт выставлен другому человеку') as string });
  expect(await payForged(BEN, { payload, amount: 1 })).toMatchObject({ status: 'refused', errorMessage: expect.stringContaining('The amount is not that of the invoice') as string });
  expect(await payForged(BEN, { payload: 'premium' })).toMatchObject({ status: 'refused', errorMessage: expect.stringContaining("I don't know this invoice") as string });
  expect(await paymentRows()).toEqual([]);
  expect((await interactions()).slice(-3)).toEqual([0, 1, 2].map(() => ({ handler: 'premium', outcome: 'ok', error_type: null })));
});

test('an invoice of the day before yesterday and one that is paid are refused in words', async () => {
  const invoice = await askForInvoice(BEN);
  await rig.database.handle.sql`update invoices set sent_at = sent_at - interval '2 days'`;
  expect(await pay(BEN, invoice)).toMatchObject({ status: 'refused', errorMessage: expect.stringContaining('too old') as string });
  await rig.database.handle.sql`update invoices set sent_at = now(), paid_at = now()`;
  expect(await pay(BEN, invoice)).toMatchObject({ status: 'refused', errorMessage: expect.stringContaining('paid already') as string });
  expect(await paymentRows()).toEqual([]);
});

test('whether something may be paid is said at once, also while a slow reading is being written in the same chat', async () => {
  const invoice = await askForInvoice(BEN);
  const written = Promise.withResolvers<void>();
  const llm = rig.openRouter.client();
  await rig.runtime.stop();
  rig.createRuntime({
    // The reading goes on until this test has seen the answer.
    llm: { ...llm, run: (input, book) => llm.run(input, { ...book, settle: (...end) => written.promise.then(() => book.settle(...end)) }) },
  }).start();
  await rig.telegram.control.write(BEN, '/tarot Shall I pay?');
  await waitFor('the call', async () => ((await rig.database.handle.sql`select 1 from ai_usage`).length > 0 ? true : null));
  await rig.telegram.control.pay(BEN, invoice);
  await waitFor('the payment', async () => {
    const { messages } = await rig.telegram.control.readChat(BEN.id);
    return messages.some(({ payment }) => payment?.kind === 'paid') ? true : null;
  });
  // The answer is on record a moment after it was given, and still before the reading is.
  const handled = await waitFor('the record of the answer', async () => {
    const rows = await interactions();
    return rows.length > 1 ? rows : null;
  });
  expect(handled.map(({ handler }) => handler)).toEqual(['premium', 'premium']);
  written.resolve();
  await allEnded(rig);
  // The payment itself belongs to the chat, and waits for its turn.
  const texts = (await rig.replies(BEN, 4)).map(({ text }) => text);
  expect(texts.slice(-2)).toEqual([expect.stringContaining('Three cards'), expect.stringContaining('Thank you!')]);
});

test('an answer that comes too late for Telegram is a failure of which the user is told nothing: Telegram does that', async () => {
  await rig.ask(BEN, '/help');
  const query = { id: '1', from: { id: BEN.id, is_bot: false, first_name: BEN.firstName, language_code: 'en' }, currency: 'XTR', total_amount: 250, invoice_payload: 'x' };
  const update = { update_id: 1, pre_checkout_query: query };
  await handleUpdates(rig, update);
  expect((await interactions()).at(-1)).toEqual({ handler: 'premium', outcome: 'failed', error_type: 'telegram_failed' });
  expect(await rig.replies(BEN)).toHaveLength(1);
});

test('who pays may ask the cards a question twice as long, until premium ends', async () => {
  const question = `/tarot ${'a'.repeat(1_000)}`;
  expect((await rig.ask(BEN, question))[0]?.text).toContain('500 characters too many');
  await rig.database.handle.sql`update users set premium_until = now() + interval '1 day', dialog = null`;
  const last = (await lastSeen(BEN))?.messageId ?? 0;
  await rig.ask(BEN, question);
  expect((await rig.replies(BEN, 1, last))[0]?.text).toContain(`Three cards\n${'a'.repeat(1_000)}\nPast: `);
  expect((await rig.ask(BEN, `${question}a`))[0]?.text).toContain('1 character too many');
});

test('/paysupport names the last payment and its number, and /terms the terms', async () => {
  expect((await rig.ask(BEN, '/paysupport'))[0]?.text).toContain('I know of no payment of yours');
  await pay(BEN, await askForInvoice(BEN));
  const [payment] = await paymentRows();
  const [support] = (await rig.ask(BEN, '/paysupport')).slice(-1);
  expect(support?.text).toContain(`Number: ${String(payment?.['charge'])}`);
  await rig.telegram.api.refundStarPayment(BEN.id, payment?.['charge'] as string);
  await waitFor('the news', async () => ((await lastSeen(BEN))?.text.includes('returned') ? true : null));
  expect((await rig.ask(BEN, '/paysupport')).at(-1)?.text).toContain('The Stars were returned.');
  expect((await rig.ask(BEN, '/terms')).at(-1)?.text).toContain('paid in advance for 30 days');
});
