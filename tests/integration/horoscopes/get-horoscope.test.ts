import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LlmClient } from '#server/ai/types.ts';
import { SingleFlight } from '#server/lib/single-flight.ts';
import { systemClock } from '#server/lib/clock.ts';
import { claimHoroscope, setHoroscopeClaim } from '#server/services/horoscopes/claim.ts';
import { findHoroscope } from '#server/services/horoscopes/find-horoscope.ts';
import { getHoroscope } from '#server/services/horoscopes/get-horoscope.ts';
import type { HoroscopeAsk, HoroscopeDeps, HoroscopeFlights, HoroscopeKey } from '#server/services/horoscopes/types.ts';
import type { GenerationDeps } from '#server/services/generations/types.ts';
import { SILENT_LOGGER } from '#tests/support/bot.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { startTestOpenRouter, type TestOpenRouter } from '#tests/support/openrouter.ts';

const MODEL = 'openai/gpt-4o-mini';
const KEY: HoroscopeKey = { sign: 'leo', language: 'en', date: '2026-11-20' };
const prompt = { system: 'You are an astrologer. Answer in English.', user: 'Horoscope of the day for Leo.', completionTokensMax: 1_500 };
const ask = (changes: Partial<HoroscopeAsk> = {}): HoroscopeAsk => ({ ...KEY, userId: 7, plan: 'free', updateId: null, prompt, ...changes });
const soon = (ms: number) => new Date(Date.now() + ms);

let database: TestDatabase;
let openRouter: TestOpenRouter;
beforeEach(async () => {
  [database, openRouter] = await Promise.all([createTestDatabase(), startTestOpenRouter()]);
});
afterEach(async () => {
  await openRouter.close();
  await database.drop();
});

/** A process of its own, as far as horoscopes are concerned. */
function replica(llm: LlmClient | null = openRouter.client({ attemptsMax: 1 })): HoroscopeDeps {
  const generations: GenerationDeps = {
    db: database.handle.db,
    llm,
    clock: systemClock,
    logger: SILENT_LOGGER,
    models: { horoscope: MODEL, tarot_card: MODEL, tarot_three_cards: MODEL, natal_chart: MODEL },
    pseudonymSecret: 'a secret of this test',
    onGenerationFinished: () => undefined,
  };
  return { generations, flights: new SingleFlight() as HoroscopeFlights };
}
const billedCount = async () => (await openRouter.journal()).entries.length;
const rows = () => database.handle.sql`select sign, language, date::text as date, text, request_id from horoscopes`;

test('a horoscope is stored with the attempt that wrote it, and given to later askers word for word and for nothing', async () => {
  const first = await getHoroscope(replica(), ask());
  if (first.status !== 'answered') throw new Error('no answer');
  expect(await rows()).toMatchObject([{ ...KEY, text: first.text, request_id: first.requestId }]);
  expect(first.source).toBe('model');
  expect(await getHoroscope(replica(), ask({ userId: 8 }))).toEqual({ ...first, source: 'store' });
  expect(await billedCount()).toBe(1);
  const ledger = await database.handle.sql`select user_id::int as user_id, operation from ai_usage`;
  expect(ledger.map((row) => ({ ...row }))).toEqual([{ user_id: 7, operation: 'horoscope' }]);
});

test('sign, language and day each make a horoscope of its own', async () => {
  const deps = replica();
  const asks = [ask(), ask({ sign: 'virgo' }), ask({ language: 'ru' }), ask({ date: '2026-11-21' })];
  const answers = await Promise.all(asks.map((each) => getHoroscope(deps, each)));
  expect(new Set(answers.map((answer) => answer.status === 'answered' && answer.requestId)).size).toBe(4);
  expect(await rows()).toHaveLength(4);
});

test('a replica that waits for another tries itself as soon as that one has failed', async () => {
  await openRouter.addFault({ mode: 'error_in_200' });
  const results = await Promise.all([getHoroscope(replica(), ask()), getHoroscope(replica(), ask({ userId: 8 }))]);
  expect(results.map(({ status }) => status).sort()).toEqual(['answered', 'failed']);
  expect(await rows()).toHaveLength(1);
});

test('a failure is shared by those who wait in one process, and is not kept', async () => {
  await openRouter.addFault({ mode: 'error_in_200' });
  const deps = replica();
  const failures = await Promise.all([getHoroscope(deps, ask()), getHoroscope(deps, ask({ userId: 8 })), getHoroscope(deps, ask({ userId: 9 }))]);
  expect(failures).toEqual(Array.from({ length: 3 }, () => ({ status: 'failed', errorType: 'error_in_body' })));
  expect((await getHoroscope(deps, ask())).status).toBe('answered');
});

test('without a model the ask is refused at once, and leaves nothing that would delay the next', async () => {
  expect(await getHoroscope(replica(null), ask())).toEqual({ status: 'failed', errorType: 'ai_disabled' });
  const startedMs = performance.now();
  expect((await getHoroscope(replica(), ask())).status).toBe('answered');
  expect(performance.now() - startedMs).toBeLessThan(5_000);
});

test('a text that cannot be stored is an error for the asker, and frees the claim for the next', async () => {
  await database.handle.sql`alter table horoscopes add constraint never check (text is null)`;
  await expect(getHoroscope(replica(), ask())).rejects.toThrow();
  await database.handle.sql`alter table horoscopes drop constraint never`;
  expect((await getHoroscope(replica(), ask())).status).toBe('answered');
  expect(await database.handle.sql`select status from ai_usage`).toMatchObject([{ status: 'settled' }, { status: 'settled' }]);
});

test('of many who claim a horoscope at once, one has it, until the claim ends', async () => {
  const { db } = database.handle;
  const now = new Date();
  const claims = await Promise.all(Array.from({ length: 10 }, () => claimHoroscope(db, KEY, now, soon(60_000))));
  expect(claims.filter(Boolean)).toHaveLength(1);
  const ended = soon(60_001);
  const takeovers = await Promise.all(Array.from({ length: 10 }, () => claimHoroscope(db, KEY, ended, soon(120_000))));
  expect(takeovers.filter(Boolean)).toHaveLength(1);
});

test('a claim holds longer when it is renewed and ends when it is given up', async () => {
  const { db } = database.handle;
  await claimHoroscope(db, KEY, new Date(), soon(1_000));
  await setHoroscopeClaim(db, KEY, soon(60_000));
  expect(await claimHoroscope(db, KEY, soon(30_000), soon(90_000))).toBe(false);
  await setHoroscopeClaim(db, KEY, new Date());
  expect(await claimHoroscope(db, KEY, soon(1), soon(90_000))).toBe(true);
});

test('what is written is claimed by nobody, and what is only claimed is not found', async () => {
  const { db } = database.handle;
  await claimHoroscope(db, KEY, new Date(), soon(-1));
  expect(await findHoroscope(db, KEY)).toBeNull();
  const result = await getHoroscope(replica(), ask());
  if (result.status !== 'answered') throw new Error('no answer');
  expect(await findHoroscope(db, KEY)).toEqual({ text: result.text, requestId: result.requestId });
  expect(await claimHoroscope(db, KEY, soon(86_400_000), soon(86_500_000))).toBe(false);
  await setHoroscopeClaim(db, KEY, new Date(0));
  expect(await findHoroscope(db, KEY)).toEqual({ text: result.text, requestId: result.requestId });
});
