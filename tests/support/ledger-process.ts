import { parseArgs } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '#db/client.ts';
import { createLlmClient } from '#server/ai/create-llm-client.ts';
import { systemClock } from '#server/lib/clock.ts';
import { createLogger } from '#server/lib/logger.ts';
import { createReserver } from '#server/services/generations/create-reserver.ts';
import { runGeneration } from '#server/services/generations/run-generation.ts';

/*
 * A process of its own that asks for readings through the real services and prints how each ended. With `--kill-at` it
 * kills itself, as a machine would, the moment it passes that point.
 */
const text = { type: 'string', default: '' } as const;
const { values } = parseArgs({ options: { 'database-url': text, 'openrouter-url': text, readings: text, 'user-id': text, 'kill-at': text } });
const MODEL = 'google/gemini-2.5-flash';
const CHEAPER = 'google/gemini-2.5-flash-lite';

const { db, close } = openDatabase({ url: values['database-url'], maxConnections: 4 });
const logger = createLogger('silent');
const killAt = values['kill-at'];
const deps = {
  db,
  llm: createLlmClient({ baseUrl: values['openrouter-url'], apiKey: 'sk-or-v1-test-0123456789', timeoutMs: 20_000 }),
  clock: systemClock,
  logger,
  models: { horoscope: MODEL, tarot_card: MODEL, tarot_three_cards: MODEL, natal_chart: MODEL },
  cheaperModel: CHEAPER,
  pseudonymSecret: 'a secret of this test',
  reserve: createReserver({ db, reportingTimeZone: 'UTC', cheaperModel: CHEAPER, leaseMs: 60_000 }),
  onGenerationFinished: () => undefined,
  onCheckpoint: async (checkpoint: string) => {
    if (checkpoint !== killAt) return;
    // What was written to the connection before must be on its way.
    if (checkpoint === 'after_send') await sleep(20);
    process.kill(process.pid, 'SIGKILL');
    await sleep(10_000);
  },
};

const prompt = {
  system: 'You are an experienced tarot reader. Answer in English.',
  user: 'The card of the day for 2026-11-25 is The Star (upright). Tell what it means.',
  completionTokensMax: 24,
};

process.stdout.write('working\n');
await Promise.all(
  Array.from({ length: Number(values.readings) }, async () => {
    const result = await runGeneration(deps, {
      operation: 'tarot_card', userId: Number(values['user-id']), plan: 'free', updateId: null, language: 'en', prompt, store: async () => undefined,
    });
    process.stdout.write(`${result.status}\n`);
  }),
);
await close();
