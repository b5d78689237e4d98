import { createBot } from '#server/bot/create-bot.ts';
import type { BotDeps } from '#server/bot/deps.ts';
import { createPollingIntake } from '#server/bot/intake/polling.ts';
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
  readonly lifecycle: Lifecycle;
}

/** Starts the worker, then the intake; returns what the health check asks. Telegram being away delays nothing. */
export async function startBot({ deps, isDatabaseOurs, lifecycle }: StartBotInput): Promise<NonNullable<TelegramCheckOptions['bot']>> {
  const { db, clock, logger, observers, telegram } = deps;
  if (isDatabaseOurs) await releaseAllLeases(db);
  const bot = createBot(deps);
  const handler = createUpdateHandler(bot, deps, UPDATE_DEADLINE_MS);
  const worker = createInboxWorker({ db, clock, logger, handler, onUpdateHandled: observers.onUpdateHandled });
  const intakeApi = createIntakeApi(telegram, observers.onTelegramRequest);
  const intake = createPollingIntake({
    api: intakeApi,
    storeUpdates: (updates, receivedAt) => storeUpdates(db, updates, receivedAt),
    onStored: () => worker.notify(),
    onPoll: () => undefined,
    clock,
    logger,
  });
  worker.start();
  lifecycle.add('inbox worker', () => worker.stop(), WORKER_STOP_MS);
  intake.start();
  lifecycle.add('intake', () => intake.stop());
  setCommands(bot.api, logger).catch((error: unknown) => logger.warn({ cause: describeError(error) }, 'command menu not set'));
  const ageMs = (at: Date | null) => (at ? clock.now().getTime() - at.getTime() : null);
  return { getMe: (signal) => intakeApi.getMe(apiSignal(signal)), pollAgeMs: () => ageMs(intake.lastPolledAt()) };
}
