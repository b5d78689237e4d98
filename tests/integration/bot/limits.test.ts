import { afterEach, beforeEach, expect, test } from 'vitest';
import { budgets } from '#db/schema/index.ts';
import { formatDate } from '#server/bot/format-date.ts';
import type { RefusingAction } from '#server/contracts/budgets.ts';
import { refreshPrices } from '#server/services/prices/refresh-prices.ts';
import { noonClock, startBotRig, waitFor, type BotRig } from '#tests/support/bot.ts';
import { ANNA, BEN } from '#tests/support/telegram.ts';

const DAY_MS = 86_400_000;
const clock = noonClock();

let rig: BotRig;
beforeEach(async () => {
  rig = await startBotRig({ clock, randomBelow: (below) => (below === 2 ? 0 : below - 1) });
  await refreshPrices({ db: rig.generations.db, llm: rig.openRouter.client(), clock });
});
afterEach(() => rig.close());

/** A budget of a day that is spent from the first call on. */
async function limit(action: RefusingAction): Promise<void> {
  const at = clock.now();
  await rig.generations.db.insert(budgets).values({ name: 'test', period: 'day', scope: 'all', limitUsd: '0.000000000001', steps: [{ percent: 1, action }], createdAt: at, updatedAt: at });
}
const dayIn = (days: number, language: 'en' | 'ru') => formatDate(new Date(clock.now().getTime() + days * DAY_MS).toISOString().slice(0, 10), language);
const tomorrow = (language: 'en' | 'ru') => dayIn(1, language);
const callCount = async () => (await rig.openRouter.journal()).entries.length;
const interactions = () => rig.database.handle.sql`select handler, operation, outcome, error_type, reading_source from interactions order by at, id`;
async function drawCard(person = BEN) {
  const [menu] = await rig.ask(person, '/tarot');
  if (!menu) throw new Error('silence');
  return (await rig.press(person, menu, 'tarot:card'))[0];
}
async function becomeLeo(): Promise<void> {
  await rig.ask(BEN, '/help');
  await rig.database.handle.sql`update users set zodiac_sign = 'leo'`;
}

test.each([
  ['stop', BEN, 'From {} I read for you again'],
  ['pause_free', BEN, 'free readings of this period are used up. From {}'],
  ['stop', ANNA, '{}'],
  ['pause_free', ANNA, '{}'],
] as const)('a spent budget (%s) is told in the language of the user with the day on which it ends; no model is called, and nothing failed', async (action, person, words) => {
  await limit(action);
  const [reply] = await rig.ask(person, '/tarot Shall I move?');
  expect(reply?.text).toContain(words.replace('{}', tomorrow(person === ANNA ? 'ru' : 'en')));
  expect(reply?.buttons.flat().map(({ callbackData }) => callbackData)).toEqual(action === 'pause_free' ? ['premium:offer'] : []);
  expect(await callCount()).toBe(0);
  expect(await interactions()).toMatchObject([{ handler: 'tarot', operation: 'tarot_three_cards', outcome: 'limited', error_type: null, reading_source: null }]);
  await waitFor('the observer', async () => (rig.handled.length > 0 ? true : null));
  expect(rig.handled[0]).toMatchObject({ outcome: 'limited', errorType: null });
});

test('what was written already is given whatever the budgets say', async () => {
  const before = await drawCard();
  await limit('stop');
  expect((await drawCard())?.text).toBe(before?.text);
  expect(await callCount()).toBe(1);
  expect((await interactions()).at(-1)).toMatchObject({ outcome: 'ok', reading_source: 'store' });
});

test('cards that a budget left unread are read, the same ones, when it allows it again', async () => {
  await limit('stop');
  await drawCard();
  const [drawn] = await rig.database.handle.sql`select cards, text from tarot_spreads`;
  expect(drawn?.['text']).toBeNull();
  await rig.database.handle.sql`update budgets set limit_usd = 1`;
  expect((await drawCard())?.text).toContain('The Magician');
  const [read] = await rig.database.handle.sql`select cards, text from tarot_spreads`;
  expect(read).toMatchObject({ cards: drawn?.['cards'], text: expect.any(String) as string });
});

test('while only what is written may be given, another user’s text of the same card is given and said to be an older one', async () => {
  const somebody = { id: 7_300_000_001, firstName: 'Sam', languageCode: 'en' };
  const written = await drawCard(somebody);
  await limit('cached_only');
  const given = await drawCard();
  expect(given?.text).toContain(`I may not write anything new until ${tomorrow('en')}`);
  expect(given?.text).toContain(written?.text.split('\n\n').slice(1).join('\n\n') ?? 'silence');
  expect(await callCount()).toBe(1);
  const [own] = await rig.database.handle.sql`select text from tarot_spreads order by id desc limit 1`;
  expect(own?.['text']).toBeNull();
});

test('a text of the same card in another language is given to nobody', async () => {
  await drawCard(ANNA);
  await limit('cached_only');
  const reply = await drawCard();
  expect(reply?.text).toContain('I may not write anything new until');
  expect(reply?.text).not.toContain('The Magician');
  expect((await interactions()).at(-1)).toMatchObject({ outcome: 'limited' });
});

test('three cards are never answered with what was written to another question', async () => {
  await rig.ask(BEN, '/tarot Shall I move?');
  await limit('cached_only');
  const [reply] = await rig.ask(BEN, '/tarot Shall I stay?');
  expect(reply?.text).toContain('I may not write anything new until');
  expect(await callCount()).toBe(1);
});

test('while only what is written may be given, the last horoscope of the sign is given with its own day', async () => {
  await becomeLeo();
  const [today] = await rig.ask(BEN, '/horoscope');
  await rig.database.handle.sql`update horoscopes set date = date - 3`;
  await limit('cached_only');
  const [old] = await rig.ask(BEN, '/horoscope');
  const day = dayIn(-3, 'en');
  expect(old?.html).toMatch(new RegExp(`^<b>♌ Leo · ${day}</b>`));
  expect(old?.text).toContain(`I may not write a new one until ${tomorrow('en')}. Here is the last one that I wrote, of ${day}:`);
  expect(old?.text).toContain(today?.text.split('\n\n').slice(1).join('\n\n') ?? 'silence');
  expect((await interactions()).at(-1)).toMatchObject({ outcome: 'ok', reading_source: 'store' });
});

test('without any horoscope of the sign, the limit is told', async () => {
  await becomeLeo();
  await limit('cached_only');
  const [reply] = await rig.ask(BEN, '/horoscope');
  expect(reply?.text).toContain(`I may not write anything new until ${tomorrow('en')}`);
  expect(await callCount()).toBe(0);
});

test('who pays is not stopped by a pause for those who do not', async () => {
  await limit('pause_free');
  await rig.ask(BEN, '/help');
  await rig.database.handle.sql`update users set premium_until = ${new Date(clock.now().getTime() + DAY_MS)}`;
  const [reading] = await rig.ask(BEN, '/tarot Shall I move?');
  expect(reading?.text).toContain('Three cards');
  await rig.database.handle.sql`update users set premium_until = now() - interval '1 second'`;
  const [refusal] = await rig.ask(BEN, '/tarot Shall I stay?');
  expect(refusal?.text).toContain('free readings of this period are used up');
});

test('a pause for those who do not pay offers premium, and no other limit does', async () => {
  await limit('pause_free');
  const [refusal] = await rig.ask(BEN, '/tarot Shall I move?');
  if (!refusal) throw new Error('silence');
  const [offer, invoice] = await rig.press(BEN, refusal, 'premium:offer', 2);
  expect(offer?.text).toContain('I go on reading for you');
  expect(invoice?.invoice).toMatchObject({ stars: 250 });
  await rig.database.handle.sql`update budgets set steps = '[{"percent":1,"action":"stop"}]', updated_at = now()`;
  const [stopped] = await rig.ask(ANNA, '/tarot Shall I move?');
  expect(stopped?.buttons).toEqual([]);
});
