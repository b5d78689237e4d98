import { pino } from 'pino';
import { createBot } from '#server/bot/create-bot.ts';
import type { BotDeps, TelegramRequestEvent, UpdateHandledEvent } from '#server/bot/deps.ts';
import { createPollingIntake, type PollEvent } from '#server/bot/intake/polling.ts';
import { createIntakeApi } from '#server/bot/telegram-api.ts';
import { createUpdateHandler } from '#server/bot/update-handler.ts';
import { createInboxWorker } from '#server/bot/worker.ts';
import type { InboxWorkerOptions } from '#server/bot/worker-options.ts';
import type { LlmClient } from '#server/ai/types.ts';
import { systemClock, type Clock } from '#server/lib/clock.ts';
import type { Logger } from '#server/lib/logger.ts';
import type { FinishedGeneration, GenerationDeps } from '#server/services/generations/types.ts';
import type { BookedPayment } from '#server/services/payments/types.ts';
import { storeUpdates } from '#server/services/inbox/store-updates.ts';
import type { ControlMessage, Person } from '#server/sandbox/telegram/control-schemas.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { startTestOpenRouter, type TestOpenRouter } from './openrouter.ts';
import { startTestTelegram, type TestTelegram } from './telegram.ts';

const MODEL = 'openai/gpt-4o-mini';
const WAIT_MAX_MS = 15_000;
const WAIT_STEP_MS = 15;
const DAY_MS = 86_400_000;

/** What a month of premium costs in a rig. */
export const PREMIUM_PRICE = { monthStars: 250, starValueUsd: '0.013' };

export const SILENT_LOGGER = pino({ level: 'silent' });

export interface BotRigOptions {
  readonly clock?: Clock;
  /** Silent unless given. */
  readonly logger?: Logger;
  readonly llm?: LlmClient | null;
  readonly randomBelow?: BotDeps['randomBelow'];
  readonly worker?: Partial<InboxWorkerOptions>;
  readonly deadlineMs?: number;
  readonly reportingTimeZone?: string;
}

/** The whole bot on a real database, between stand-ins for Telegram and OpenRouter, and what a test asks of it. */
export interface BotRig {
  readonly telegram: TestTelegram;
  readonly openRouter: TestOpenRouter;
  readonly database: TestDatabase;
  readonly generations: GenerationDeps;
  readonly handled: UpdateHandledEvent[];
  readonly requests: TelegramRequestEvent[];
  readonly polls: PollEvent[];
  readonly bookedPayments: BookedPayment[];
  readonly finishedGenerations: FinishedGeneration[];
  readonly runtime: BotRuntime;
  /** A second set of bot, worker and intake on the same database, as another replica would have. */
  createRuntime(options?: BotRigOptions): BotRuntime;
  /** What the bot wrote to a person since `afterMessageId`, once there are at least `count` messages. */
  replies(person: Person, count?: number, afterMessageId?: number): Promise<ControlMessage[]>;
  /** Sends a text and waits until its update has ended and the bot has written `count` messages. */
  ask(person: Person, text: string, count?: number): Promise<ControlMessage[]>;
  /** Presses the button with this data under a message and waits likewise. */
  press(person: Person, message: ControlMessage, data: string | RegExp, count?: number): Promise<ControlMessage[]>;
  close(): Promise<void>;
}

export type BotRuntime = ReturnType<typeof createRuntime>;

interface Sinks {
  readonly handled: UpdateHandledEvent[];
  readonly requests: TelegramRequestEvent[];
  readonly polls: PollEvent[];
  readonly bookedPayments: BookedPayment[];
}

/** Starts the rig; with `isStopped` nothing polls or works until the test says so. */
export async function startBotRig(options: BotRigOptions & { readonly isStopped?: boolean } = {}): Promise<BotRig> {
  const [telegram, openRouter, database] = await Promise.all([startTestTelegram(), startTestOpenRouter(), createTestDatabase({ maxConnections: 10 })]);
  const finishedGenerations: FinishedGeneration[] = [];
  const generations: GenerationDeps = {
    db: database.handle.db,
    llm: options.llm === undefined ? openRouter.client({ attemptsMax: 1 }) : options.llm,
    clock: options.clock ?? systemClock,
    logger: options.logger ?? SILENT_LOGGER,
    models: { horoscope: MODEL, tarot_card: MODEL, tarot_three_cards: MODEL, natal_chart: MODEL },
    pseudonymSecret: 'a secret of this test',
    onGenerationFinished: (generation) => void finishedGenerations.push(generation),
  };
  const sinks: Sinks = { handled: [], requests: [], polls: [], bookedPayments: [] };
  const runtimes: BotRuntime[] = [];
  const create = (overrides: BotRigOptions = {}): BotRuntime => {
    const runtime = createRuntime(telegram, generations, sinks, { ...options, ...overrides });
    runtimes.push(runtime);
    return runtime;
  };
  const runtime = create();
  if (!options.isStopped) runtime.start();
  const people = peopleOf(telegram, database);
  return {
    telegram,
    openRouter,
    database,
    generations,
    ...sinks,
    finishedGenerations,
    runtime,
    createRuntime: create,
    ...people,
    close: async () => {
      await Promise.all(runtimes.map((each) => each.stop()));
      await Promise.all([telegram.close(), openRouter.close()]);
      await database.drop();
    },
  };
}

function createRuntime(telegram: TestTelegram, generations: GenerationDeps, sinks: Sinks, options: BotRigOptions) {
  const { db, clock, logger } = generations;
  const deps: BotDeps = {
    db,
    clock,
    logger,
    generations: options.llm === undefined ? generations : { ...generations, llm: options.llm },
    reportingTimeZone: options.reportingTimeZone ?? 'UTC',
    telegram: { token: telegram.token, apiRoot: telegram.apiRoot },
    premium: PREMIUM_PRICE,
    ...(options.randomBelow ? { randomBelow: options.randomBelow } : {}),
    observers: {
      onTelegramRequest: (event) => void sinks.requests.push(event),
      onUpdateHandled: (event) => void sinks.handled.push(event),
      onPaymentBooked: (payment) => void sinks.bookedPayments.push(payment),
    },
  };
  const bot = createBot(deps);
  const handler = createUpdateHandler(bot, deps, options.deadlineMs ?? 20_000);
  const { onUpdateHandled } = deps.observers;
  const worker = createInboxWorker({ db, clock, logger, handler, onUpdateHandled, options: { drainMs: 5_000, retryDelayMs: 50, ...options.worker } });
  const intake = createPollingIntake({
    api: createIntakeApi(deps.telegram, deps.observers.onTelegramRequest),
    storeUpdates: (updates, receivedAt) => storeUpdates(db, updates, receivedAt),
    onStored: () => worker.notify(),
    onPoll: (event) => void sinks.polls.push(event),
    clock,
    logger,
  });
  return {
    bot,
    worker,
    intake,
    start: () => {
      worker.start();
      intake.start();
    },
    stop: async () => {
      await intake.stop();
      await worker.stop();
    },
  };
}

function peopleOf(telegram: TestTelegram, database: TestDatabase) {
  const replies: BotRig['replies'] = (person, count = 1, afterMessageId = 0) =>
    waitFor(`${count} replies`, async () => {
      const { messages } = await telegram.control.readChat(person.id);
      const found = messages.filter((message) => message.from === 'bot' && message.messageId > afterMessageId);
      return found.length >= count ? found : null;
    });
  const ended = (updateId: number) =>
    waitFor(`the end of update ${updateId}`, async () => {
      const rows = await database.handle.sql`select 1 from inbox where update_id = ${updateId} and status <> 'pending'`;
      return rows.length > 0 ? true : null;
    });
  return {
    replies,
    ask: async (person: Person, text: string, count = 1) => {
      const sent = await telegram.control.write(person, text);
      await ended(sent.updateId);
      return replies(person, count, sent.messageId);
    },
    press: async (person: Person, message: ControlMessage, data: string | RegExp, count = 1) => {
      const { messages } = await telegram.control.readChat(person.id);
      const lastMessageId = Math.max(...messages.map(({ messageId }) => messageId));
      const sent = await telegram.control.press(person, message.messageId, findButton(message, data));
      await ended(sent.updateId);
      return replies(person, count, lastMessageId);
    },
  };
}

/** The data of the button that is named or fits a pattern. */
export function findButton(message: ControlMessage, data: string | RegExp): string {
  const button = message.buttons.flat().find(({ callbackData }) => (typeof data === 'string' ? callbackData === data : data.test(callbackData)));
  if (!button) throw new Error(`no button ${String(data)} under: ${message.text}`);
  return button.callbackData;
}

/** Time that runs on from noon, in UTC, so that no midnight falls into a test; ahead, because what is dated by the real clock must lie in its past. */
export function noonClock(): Clock {
  const aheadMs = DAY_MS - ((Date.now() + DAY_MS / 2) % DAY_MS);
  return { now: () => new Date(Date.now() + aheadMs) };
}

/** Polls until the probe gives something; rejects after a deadline. */
export async function waitFor<T>(what: string, probe: () => Promise<T | null>): Promise<T> {
  const deadline = Date.now() + WAIT_MAX_MS;
  for (;;) {
    const found = await probe();
    if (found !== null) return found;
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, WAIT_STEP_MS));
  }
}
