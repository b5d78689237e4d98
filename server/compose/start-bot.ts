import { createBot } from '#server/bot/create-bot.ts';
import type { BotDeps } from '#server/bot/deps.ts';
import { createPollingIntake } from '#server/bot/intake/polling.ts';
import { createWebhookLook } from '#server/bot/intake/register-webhook.ts';
import { setCommands } from '#server/bot/set-commands.ts';
import { apiSignal, createIntakeApi } from '#server/bot/telegram-api.ts';
import { createUpdateHandler } from '#server/bot/update-handler.ts';
import { createInboxWorker } from '#server/bot/worker.ts';
import { UPDATE_DEADLINE_MS } from '#server/bot/worker-options.ts';
import type { TelegramCheckOptions } from '#server/health/checks/telegram.ts';
import { releaseAllLeases } from '#server/services/inbox/leases.ts';
import { storeUpdates } from '#server/services/inbox/store-updates.ts';
import { describeError } from '../errors.ts';
import type { Lifecycle } from '../lib/lifecycle.ts';

/** What a stop keeps for updates that are being worked on, however long other parts take. */
const WORKER_STOP_MS = 6_000;

interface StartBotInput {
  readonly deps: BotDeps;
  /** No other process uses the database: what a killed one held is free at once. */
  readonly isDatabaseOurs: boolean;
  /** Where Telegram brings updates; null: they are fetched. */
  readonly webhookUrl: string | null;
  /** Told each time that the worker comes round. */
  readonly onRound?: (() => void) | undefined;
  readonly lifecycle: Lifecycle;
}

/** The running bot. */
export interface RunningBot {
  /** What the health check asks. */
  readonly health: NonNullable<TelegramCheckOptions['bot']>;
  /** Something was stored: the worker looks now. */
  readonly wakeInbox: () => void;
}

/** Starts the worker, then the intake if updates are fetched. Telegram being away delays nothing. */
export async function startBot({ deps, isDatabaseOurs, webhookUrl, onRound, lifecycle }: StartBotInput): Promise<RunningBot> {
  const { db, clock, logger, observers, telegram } = deps;
  if (isDatabaseOurs) await releaseAllLeases(db);
  const bot = createBot(deps);
  const handler = createUpdateHandler(bot, deps, UPDATE_DEADLINE_MS);
  const worker = createInboxWorker({ db, clock, logger, handler, onUpdateHandled: observers.onUpdateHandled, onRound, processId: deps.generations.processId });
  worker.start();
  lifecycle.add('inbox worker', () => worker.stop(), WORKER_STOP_MS);
  const wakeInbox = () => worker.notify();
  const intakeApi = createIntakeApi(telegram, observers.onTelegramRequest);
  const getMe = (signal: AbortSignal) => intakeApi.getMe(apiSignal(signal));
  setCommands(bot.api, logger).catch((error: unknown) => logger.warn({ cause: describeError(error) }, 'command menu not set'));
  if (webhookUrl !== null) {
    const webhook = createWebhookLook({ api: intakeApi, url: webhookUrl, clock });
    return { health: { getMe, pollAgeMs: () => null, webhook }, wakeInbox };
  }

  const intake = createPollingIntake({
    api: intakeApi,
    storeUpdates: (updates, receivedAt) => storeUpdates(db, updates, receivedAt),
    onStored: wakeInbox,
    onPoll: () => undefined,
    clock,
    logger,
  });
  intake.start();
  lifecycle.add('intake', () => intake.stop());
  const ageMs = (at: Date | null) => (at ? clock.now().getTime() - at.getTime() : null);
  return { health: { getMe, pollAgeMs: () => ageMs(intake.lastPolledAt()) }, wakeInbox };
}
