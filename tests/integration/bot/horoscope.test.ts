import { afterEach, expect, test } from 'vitest';
import { SingleFlight } from '#server/lib/single-flight.ts';
import { horoscopeReading } from '#server/bot/readings/horoscope-reading.ts';
import { claimHoroscope } from '#server/services/horoscopes/claim.ts';
import { upsertUser } from '#server/services/users/upsert-users.ts';
import { cryptoRandomBelow } from '#server/services/tarot/draw-cards.ts';
import type { HoroscopeFlights } from '#server/services/horoscopes/types.ts';
import { noonClock, startBotRig, waitFor, type BotRig } from '#tests/support/bot.ts';
import { ANNA, BEN } from '#tests/support/telegram.ts';

let rig: BotRig;
afterEach(() => rig.close());

const crowd = (count: number) => Array.from({ length: count }, (_, index) => ({ id: 9_000 + index, firstName: `P${index}`, languageCode: 'en' }));
const allLeo = () => rig.database.handle.sql`update users set zodiac_sign = 'leo'`;
const replica = () => ({
  generations: rig.generations,
  horoscopeFlights: new SingleFlight() as HoroscopeFlights,
  randomBelow: cryptoRandomBelow,
  reportingTimeZone: 'UTC',
});
const ben = () => upsertUser(rig.generations.db, { telegramUserId: BEN.id, languageCode: 'en', source: null, at: new Date() });

test('twenty who ask for the same sign at once share one call, and all get the same words', async () => {
  rig = await startBotRig({ clock: noonClock() });
  const people = crowd(20);
  await Promise.all(people.map((person) => rig.ask(person, '/help')));
  await allLeo();
  await rig.openRouter.addFault({ mode: 'slow', delayMs: 300 });
  const replies = await Promise.all(people.map((person) => rig.ask(person, '/horoscope')));
  expect(new Set(replies.map(([reply]) => reply?.text)).size).toBe(1);
  expect((await rig.openRouter.journal()).entries).toHaveLength(1);
  const ledger = await rig.database.handle.sql`select status, disposition, user_id, update_id from ai_usage`;
  expect(ledger).toMatchObject([{ status: 'settled', disposition: 'delivered' }]);
  const [asker] = await rig.database.handle.sql`select user_id, operation from interactions where update_id = ${ledger[0]?.['update_id'] ?? 0}`;
  expect(asker).toMatchObject({ user_id: ledger[0]?.['user_id'], operation: 'horoscope' });
});

test('another language is another horoscope, another ask the same day is none', async () => {
  rig = await startBotRig({ clock: noonClock() });
  await Promise.all([rig.ask(ANNA, '/help'), rig.ask(BEN, '/help')]);
  await allLeo();
  await rig.ask(ANNA, '/horoscope');
  await rig.ask(BEN, '/horoscope');
  const [again] = await rig.ask(BEN, '/horoscope');
  expect(again?.html).toMatch(/^<b>♌ Leo · /);
  expect((await rig.openRouter.journal()).entries).toHaveLength(2);
});

test('the day of a horoscope is the day of the reporting time zone', async () => {
  const clock = { now: () => new Date('2026-11-23T21:30:00Z') };
  rig = await startBotRig({ isStopped: true, clock });
  const user = await ben();
  const deps = { ...replica(), reportingTimeZone: 'Europe/Moscow' };
  await horoscopeReading(deps, { user, sign: 'leo', at: clock.now(), updateId: null });
  const [row] = await rig.database.handle.sql`select date::text as date from horoscopes`;
  expect(row?.['date']).toBe('2026-11-24');
});

test('who has no sign yet is asked for it, and then gets the horoscope at once', async () => {
  rig = await startBotRig({ clock: noonClock() });
  const [question] = await rig.ask(BEN, '/horoscope');
  if (!question) throw new Error('silence');
  expect(question.text).toContain('What is your zodiac sign?');
  const [horoscope] = await rig.press(BEN, question, 'sign:virgo:horoscope');
  expect(horoscope?.text).toContain('♍ Virgo');
  const rows = await rig.database.handle.sql`select handler, operation from interactions order by at`;
  expect(rows).toMatchObject([{ operation: null }, { handler: 'horoscope', operation: 'horoscope' }]);
});

test('two replicas that are asked at once make one call', async () => {
  rig = await startBotRig({ isStopped: true });
  const user = await ben();
  await rig.openRouter.addFault({ mode: 'slow', delayMs: 400 });
  const ask = { user, sign: 'leo', at: new Date(), updateId: null } as const;
  const [first, second] = await Promise.all([horoscopeReading(replica(), ask), horoscopeReading(replica(), ask)]);
  expect(first.status).toBe('answered');
  expect(second).toMatchObject({ ...first, source: expect.any(String) as string });
  // One was written for, the other served from what was written.
  expect([first, second].map((result) => result.status === 'answered' && result.source).sort()).toEqual(['model', 'store']);
  expect((await rig.openRouter.journal()).entries).toHaveLength(1);
});

test('the claim of a killed writer ends by itself', async () => {
  rig = await startBotRig({ isStopped: true });
  const user = await ben();
  const now = new Date();
  const date = now.toISOString().slice(0, 10);
  expect(await claimHoroscope(rig.generations.db, { sign: 'leo', language: 'en', date }, now, new Date(now.getTime() + 600))).toBe(true);
  const result = await horoscopeReading(replica(), { user, sign: 'leo', at: now, updateId: null });
  expect(result.status).toBe('answered');
});

test('a failure is told to all who wait, frees the claim, and the retry button brings the horoscope', async () => {
  rig = await startBotRig({ clock: noonClock() });
  await Promise.all([rig.ask(ANNA, '/help'), rig.ask(BEN, '/help')]);
  await allLeo();
  await rig.openRouter.addFault({ mode: 'error_in_200' });
  const [apology] = await rig.ask(BEN, '/horoscope');
  if (!apology) throw new Error('silence');
  expect(apology.text).toContain("I'm sorry");
  const [horoscope] = await rig.press(BEN, apology, 'retry:horoscope');
  expect(horoscope?.text).toContain('♌ Leo');
  const rows = await rig.database.handle.sql`select outcome, error_type from interactions where handler = 'horoscope' order by at`;
  expect(rows).toMatchObject([{ outcome: 'failed', error_type: 'ai_failed' }, { outcome: 'ok' }]);
});

test('typing is shown while the model works, and only then', async () => {
  rig = await startBotRig({ clock: noonClock() });
  await rig.ask(BEN, '/help');
  await allLeo();
  const typing = async () => (await rig.telegram.control.journal(BEN.id)).filter(({ method }) => method === 'sendChatAction').length;
  expect(await typing()).toBe(0);
  await rig.ask(BEN, '/horoscope');
  await waitFor('typing', async () => ((await typing()) === 1 ? true : null));
  await rig.ask(BEN, '/horoscope');
  expect(await typing()).toBe(1);
});
