import { Bot } from 'grammy';
import { createTranslations } from '#server/bot/translations.ts';
import { createLogger } from '#server/lib/logger.ts';
import { runBotProcess } from './bot-process.ts';

/*
 * grammY as its guide begins, with the reply that ours gives: `in-turn` waits for each reply before the next update, as
 * long polling does by itself; `at-once` waits for none, keeps no order, and loses what is under way when it ends.
 */
await runBotProcess(async ({ apiRoot, token, mode }, onAnswered) => {
  const text = createTranslations(createLogger('silent')).t('en', 'help');
  const bot = new Bot(token, { client: { apiRoot } });
  bot.command('help', (ctx) => {
    const replied = ctx.reply(text).then(onAnswered);
    return mode === 'at-once' ? undefined : replied;
  });
  void bot.start({ allowed_updates: ['message'] });
  return bot;
});
