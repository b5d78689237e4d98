import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPeople } from '#server/sandbox/crowd/people.ts';
import { startCrowd, type RunningCrowd } from '#server/sandbox/crowd/run-crowd.ts';
import { createRandom } from '#server/sandbox/random.ts';
import { startTestTelegram, type TestTelegram } from '#tests/support/telegram.ts';

let telegram: TestTelegram;
let crowd: RunningCrowd | null = null;

beforeEach(async () => {
  telegram = await startTestTelegram();
});
afterEach(async () => {
  await crowd?.stop();
  crowd = null;
  await telegram.close();
});

function letIn(userCount: number, failures: string[] = []): RunningCrowd {
  const members = createPeople(1, userCount);
  crowd = startCrowd({
    client: telegram.control,
    members,
    isAcquainted: () => false,
    random: createRandom(1),
    meanGapMs: 5,
    onFailure: (text) => failures.push(text),
  });
  return crowd;
}

/** Asks for a sign by buttons, for a question by a forced reply, and answers commands; like the product, but small. */
function createSmallBot(seen: string[]) {
  const bot = telegram.createBot();
  bot.command('start', (ctx) =>
    ctx.reply('Sign?', {
      reply_markup: {
        inline_keyboard: [
          [
            { text: '♌', callback_data: 'leo' },
            { text: '♍', callback_data: 'virgo' },
          ],
        ],
      },
    }),
  );
  bot.on('callback_query:data', async (ctx) => {
    seen.push(`pressed ${ctx.callbackQuery.data}`);
    await ctx.answerCallbackQuery();
    await ctx.reply('When were you born?', { reply_markup: { force_reply: true, input_field_placeholder: '1990-05-17' } });
  });
  bot.on('message:text', async (ctx) => {
    seen.push(ctx.message.text);
    await ctx.reply('Your reading.');
  });
  return bot;
}

test('people begin with /start, press what is offered, answer what is asked, and come back for more', async () => {
  const seen: string[] = [];
  const bot = createSmallBot(seen);
  const running = bot.start();
  letIn(3);
  // Nobody types faster than two seconds, so a whole visit takes some.
  await expect.poll(() => seen.some((text) => text.startsWith('pressed')), { timeout: 15_000 }).toBe(true);
  await expect.poll(() => seen.some((text) => /^\d{4}-\d{2}-\d{2}$/u.test(text)), { timeout: 15_000 }).toBe(true);
  await expect.poll(() => seen.some((text) => /^\/(?:horoscope|tarot|natal|help)$/u.test(text)), { timeout: 15_000 }).toBe(true);
  await crowd?.stop();
  await bot.stop();
  await running;
});

test('with no bot about, everybody starts once and waits', async () => {
  const running = letIn(5);
  await expect.poll(() => running.actionCount(), { timeout: 10_000 }).toBe(5);
  const texts = (await telegram.api.getUpdates()).map((update) => update.message?.text);
  expect(texts).toEqual(['/start', '/start', '/start', '/start', '/start']);
});

test('a stand-in that is down is reported, and stopping still ends at once', async () => {
  const failures: string[] = [];
  await telegram.close();
  const running = letIn(2, failures);
  await expect.poll(() => failures.length).toBeGreaterThan(1);
  expect(failures[0]).toContain('The sandbox does not answer.');
  await Promise.all([running.stop(), running.stop()]);
  const count = failures.length;
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(failures).toHaveLength(count);
});
