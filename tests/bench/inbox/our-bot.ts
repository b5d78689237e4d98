import { openDatabase } from '#db/client.ts';
import { startBot } from '#server/compose/start-bot.ts';
import { systemClock } from '#server/lib/clock.ts';
import { Lifecycle } from '#server/lib/lifecycle.ts';
import { createLogger } from '#server/lib/logger.ts';
import { createMetrics } from '#server/metrics/create-metrics.ts';
import { runBotProcess } from './bot-process.ts';

/* The bot as the server composes it, with its metrics and its log at the usual level, and without the rest of the server. */
const MODEL = 'google/gemini-2.5-flash';
const models = { horoscope: MODEL, tarot_card: MODEL, tarot_three_cards: MODEL, natal_chart: MODEL };

await runBotProcess(async ({ apiRoot, token, databaseUrl }, onAnswered) => {
  const logger = createLogger('warn');
  const lifecycle = new Lifecycle(logger);
  const metrics = createMetrics({ version: 'bench', commit: 'unknown', nodeVersion: process.version, models: [MODEL], schedules: [] });
  const handle = openDatabase({ url: databaseUrl });
  lifecycle.add('database pool', () => handle.close());
  const clock = systemClock;
  await startBot({
    isDatabaseOurs: true,
    webhookUrl: null,
    lifecycle,
    deps: {
      db: handle.db,
      clock,
      logger,
      generations: {
        db: handle.db,
        llm: null,
        clock,
        logger,
        pseudonymSecret: 'a-secret-of-the-benchmark',
        models,
        onGenerationFinished: (generation) => metrics.ai.recordGeneration(generation),
      },
      telegram: { token, apiRoot },
      premium: { monthStars: 250, starValueUsd: '0.013' },
      reportingTimeZone: 'UTC',
      observers: {
        onTelegramRequest: (event) => metrics.telegram.recordRequest(event),
        onPaymentBooked: () => undefined,
        onUpdateHandled: (event) => {
          metrics.bot.recordUpdate(event);
          onAnswered();
        },
      },
    },
  });
  return lifecycle;
});
