import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWebhookIntake } from '#server/bot/intake/webhook.ts';
import { fixedClock, systemClock } from '#server/lib/clock.ts';
import { openExport } from '#server/services/exports/open-export.ts';
import { Slots } from '#server/services/exports/slots.ts';
import { storeUpdates } from '#server/services/inbox/store-updates.ts';
import type { ControlMessage } from '#server/sandbox/telegram/control-schemas.ts';
import type { TrpcContext } from '#server/trpc/context.ts';
import { startBotRig, waitFor, type BotRig } from '#tests/support/bot.ts';
import { CANARIES, canariesIn, CANARY, CANARY_PLACE, CANARY_QUESTION, readExports, readReports, scanDatabase } from '#tests/support/canaries.ts';
import { fakeHealth } from '#tests/support/health.ts';
import { BEN } from '#tests/support/telegram.ts';
import { allEnded, commandText, handleUpdates, messageFrom } from '#tests/support/updates.ts';
import { sampleMetrics } from '../../unit/metrics/sample-metrics.ts';

/*
 * Somebody tells the bot everything, while everything goes wrong that can: nothing of it turns up where others look. Then they
 * have it deleted: nothing of it is left, and no figure has changed. The tests go on from one another.
 */
const MODEL = 'openai/gpt-4o-mini';
const logLines: string[] = [];
const errorTexts: string[] = [];
let rig: BotRig;
/** When all was told: reports are read as of then, before and after the deletion. */
let toldAt: Date;

beforeAll(async () => {
  const logger = pino({ level: 'trace' }, { write: (line: string) => void logLines.push(line) });
  rig = await startBotRig({ logger, worker: { attemptsMax: 2 } });
  await tellEverything();
  await failInEveryWay();
  await allEnded(rig);
  toldAt = new Date();
}, 60_000);
afterAll(() => rig.close());

const last = (messages: readonly ControlMessage[]): ControlMessage => {
  const message = messages.at(-1);
  if (!message) throw new Error('silence');
  return message;
};

/** Birth data, a chart, a card of the day, a question and a payment. */
async function tellEverything(): Promise<void> {
  await rig.ask(CANARY, '/start');
  await rig.ask(CANARY, '/natal', 2);
  await rig.ask(CANARY, '19.07.1931', 2);
  await rig.ask(CANARY, '04:37');
  await rig.ask(CANARY, CANARY_PLACE);
  await rig.press(CANARY, last(await rig.ask(CANARY, '/tarot')), 'tarot:card');
  await rig.ask(CANARY, `/tarot ${CANARY_QUESTION}`);
  await rig.ask(CANARY, '/horoscope');
  const invoice = (await rig.ask(CANARY, '/premium', 2)).find((message) => message.invoice);
  await rig.telegram.control.pay(CANARY, invoice?.messageId ?? 0);
  await waitFor('the payment', async () => (rig.bookedPayments.length > 0 ? true : null));
  await rig.ask(CANARY, '/premium', 2);
  await rig.ask(BEN, '/tarot Shall I stay?');
}

/** Each failure once: of the model, of Telegram, of the database, of the intake. */
async function failInEveryWay(): Promise<void> {
  const ask = (count = 1) => rig.ask(CANARY, `/tarot ${CANARY_QUESTION}`, count);
  for (const mode of ['400', '403', '429', '500', 'html502', 'error_in_200', 'empty_content', 'short_content', 'foreign_content', 'truncated_json', 'destroy_after_headers', 'cut_stream', 'midstream_error', 'missing_usage'] as const) {
    await rig.openRouter.addFault({ mode });
    await ask();
    await rig.openRouter.clearFaults();
  }
  for (const fault of [{ kind: 'error', errorCode: 400, description: 'Bad Request: message is too long' }, { kind: 'error', errorCode: 403 }, { kind: 'destroy' }, { kind: 'html502' }] as const) {
    await rig.telegram.control.addFault({ method: 'sendMessage', chatId: CANARY.id, ...fault });
    await ask(0);
  }
  const { sql } = rig.database.handle;
  for (const table of ['tarot_spreads', 'users', 'payments']) {
    await sql`alter table ${sql(table)} rename to away`;
    await ask(0);
    await rig.ask(CANARY, '/paysupport', 0);
    await sql`alter table away rename to ${sql(table)}`;
  }
  await sql`alter table users add constraint no_dialog check (dialog is null) not valid`;
  await rig.ask(CANARY, '/natal', 0);
  await rig.ask(CANARY, '/tarot', 0);
  await sql`alter table users drop constraint no_dialog`;
  await failIntake();
  await handleUpdates(rig, messageFrom(900_001, CANARY, commandText('/help@adtrobot'), { id: -1_001_234, type: 'group', title: 'a group' }));
}

/** An update that is brought while it cannot be stored. */
async function failIntake(): Promise<void> {
  const { db, logger } = rig.generations;
  const { sql } = rig.database.handle;
  await sql`alter table inbox rename to inbox_away`;
  const intake = createWebhookIntake({ secrets: ['x'], storeUpdates: (updates, at) => storeUpdates(db, updates, at), onStored: () => undefined, clock: systemClock, logger });
  await intake.store(JSON.stringify(messageFrom(900_000, CANARY, { text: CANARY_QUESTION }))).catch((error: Error) => errorTexts.push(error.message));
  await intake.store(JSON.stringify({ from: CANARY, text: CANARY_QUESTION })).catch((error: Error) => errorTexts.push(error.message));
  await sql`alter table inbox_away rename to inbox`;
}

const reportDeps = () => ({ db: rig.generations.db, clock: fixedClock(toldAt), reportingTimeZone: 'UTC' });
const readAllExports = () => readExports((request) => openExport({ ...reportDeps(), slots: new Slots() }, request, 1), { range: '24h' });

/** The reports of the last day as they are told when all was told. */
async function readAllReports() {
  const rows = await rig.database.handle.sql`select request_id::text as id from ai_usage order by started_at`;
  const context: TrpcContext = {
    session: { adminId: 1, email: 'owner@example.org', role: 'owner' },
    reports: reportDeps(),
    models: { horoscope: MODEL, tarot_card: MODEL, tarot_three_cards: MODEL, natal_chart: MODEL },
    health: fakeHealth(),
    parity: null,
    drift: null,
    sandboxChat: null,
  };
  return readReports(context, [undefined, { range: '24h' }, { range: 'no such range' }, ...rows.map((row) => ({ requestId: String(row['id']) }))]);
}

/** What the ledger and the interactions come to, by user, until all was told. */
async function totals() {
  const { sql } = rig.database.handle;
  const usage = await sql`select user_id, operation, plan, status, sum(cost_usd) as cost, count(*) from ai_usage group by 1, 2, 3, 4 order by 1, 2, 3, 4`;
  const interactions = await sql`select user_id, handler, outcome, error_type, count(*) from interactions where at <= ${toldAt} group by 1, 2, 3, 4 order by 1, 2, 3, 4`;
  const payments = await sql`select * from payments order by id`;
  const signups = await sql`select id, language, source, created_at from users order by id`;
  return { usage: [...usage], interactions: [...interactions], payments: [...payments], signups: [...signups] };
}

test('everything was told and kept: the search for it works', async () => {
  const found = await scanDatabase(rig.database.handle.sql);
  const held = ['users.telegram_user_id', 'users.birth_date', 'users.birth_place', 'users.birth_latitude', 'users.birth_longitude', 'users.birth_time_zone', 'tarot_spreads.question', 'natal_charts.positions', 'inbox.payload', 'inbox.chat_id'];
  expect(held.filter((column) => !found.includes(column))).toEqual([]);
  const outcomes = new Set(rig.handled.map(({ errorType }) => errorType));
  expect([...outcomes].sort()).toEqual(['ai_failed', 'database_failed', 'telegram_failed', 'user_blocked', null].sort());
});

test('no log line tells who it was, or what they told', () => {
  expect(logLines.length).toBeGreaterThan(20);
  expect(logLines.filter((line) => canariesIn(line).length > 0)).toEqual([]);
});

test('no metric does', async () => {
  const metrics = sampleMetrics({ models: [MODEL] });
  for (const event of rig.handled) metrics.bot.recordUpdate(event);
  for (const event of rig.requests) metrics.telegram.recordRequest(event);
  for (const event of rig.finishedGenerations) metrics.ai.recordGeneration(event);
  for (const event of rig.bookedPayments) metrics.payments.recordPayment(event);
  const { body } = await metrics.render(null);
  expect(body).toMatch(/adtrobot_bot_updates_total\{handler="tarot",outcome="failed"\} [1-9]/);
  expect(canariesIn(body)).toEqual([]);
});

test('no error that is answered does', () => {
  expect(errorTexts).toEqual(['The update cannot be stored now. Bring it again.', 'This is not an update.']);
});

test('no report does, whatever is asked of it', async () => {
  const told = await readAllReports();
  const answered = [...told].filter(([, answers]) => answers.some((answer) => answer.startsWith('answer'))).map(([path]) => path);
  for (const path of ['overview.get', 'generations.list', 'generations.get', 'waste.get', 'prices.list', 'budgets.list']) expect(answered).toContain(path);
  const answers = [...told].flatMap(([path, each]) => each.filter((answer) => canariesIn(answer).length > 0).map((answer) => `${path}: ${answer}`));
  expect(answers).toEqual([]);
});

test('no export does, neither of a report nor of the rows', async () => {
  const sent = await readAllExports();
  expect(sent.get('ledger {}')?.split('\r\n').length).toBeGreaterThan(10);
  expect([...sent].filter(([, text]) => canariesIn(text).length > 0)).toEqual([]);
});

test('nothing that is paid for tells the provider who it is for', async () => {
  const { entries } = await rig.openRouter.journal();
  const names = CANARIES.slice(0, 2);
  expect(names.filter((name) => JSON.stringify(entries).includes(name))).toEqual([]);
});

/** What was told of all figures. That a dear user has been deleted since is none, and what waits in the queues is of the moment. */
function figuresOf(told: ReadonlyMap<string, readonly string[] | string>): [string, string][] {
  const ofPlan = /"planNow": ?(?:null|"\w+")|(?<=^\d+,)(?:free|premium|)(?=,)/gm;
  return [...told].filter(([name]) => name !== 'jobs.get' && !name.startsWith('jobs ')).map(([name, text]) => [name, [text].flat().join('\n').replaceAll(ofPlan, '')]);
}

test('after the deletion no column of any table holds anything of it, and no figure has changed', async () => {
  const before = { reports: await readAllReports(), exports: await readAllExports(), totals: await totals() };
  const question = last(await rig.ask(CANARY, '/delete'));
  expect(last(await rig.press(CANARY, question, /^delete:yes/)).text).toContain('I have deleted what I knew of you');
  expect(await scanDatabase(rig.database.handle.sql)).toEqual([]);
  expect(await totals()).toEqual(before.totals);
  expect(figuresOf(await readAllReports())).toEqual(figuresOf(before.reports));
  expect(figuresOf(await readAllExports())).toEqual(figuresOf(before.exports));
  expect(logLines.filter((line) => canariesIn(line).length > 0)).toEqual([]);
});
