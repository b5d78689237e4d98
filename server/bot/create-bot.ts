import { Bot, Composer } from 'grammy';
import { SingleFlight } from '#server/lib/single-flight.ts';
import { cryptoRandomBelow } from '#server/services/tarot/draw-cards.ts';
import { beginsWithCommand, beginsWithOwnCommand } from './commands.ts';
import type { BotContext, FeatureDeps } from './context.ts';
import type { BotDeps } from './deps.ts';
import { chatMemberFeature } from './features/chat-member/chat-member.ts';
import { deleteFeature } from './features/delete/delete.ts';
import { helpFeature, otherFeature } from './features/help/help.ts';
import { horoscopeFeature } from './features/horoscope/horoscope.ts';
import { natalFeature } from './features/natal/natal.ts';
import { checkoutFeature, premiumFeature } from './features/premium/premium.ts';
import { startFeature } from './features/start/start.ts';
import { tarotFeature } from './features/tarot/tarot.ts';
import { answerCallback } from './middleware/answer-callback.ts';
import { declineStranger } from './middleware/decline-stranger.ts';
import { endDeletion } from './middleware/end-deletion.ts';
import { loadUser } from './middleware/load-user.ts';
import { prepareContext } from './middleware/prepare-context.ts';
import { endDialog } from './replies.ts';
import { boundedRetry, botClientOptions, observeRequests } from './telegram-api.ts';
import { createTranslations } from './translations.ts';

/** The bot with all its features; sends nothing until an update is given to `handleUpdate`. */
export function createBot(botDeps: BotDeps): Bot<BotContext> {
  const deps: FeatureDeps = {
    ...botDeps,
    randomBelow: botDeps.randomBelow ?? cryptoRandomBelow,
    horoscopeFlights: new SingleFlight(),
    translations: createTranslations(botDeps.logger),
  };
  const bot = new Bot<BotContext>(deps.telegram.token, { client: botClientOptions(deps.telegram) });
  // The observer stands inside the retries, so that every attempt is counted.
  bot.api.config.use(observeRequests(deps.observers.onTelegramRequest));
  bot.api.config.use(boundedRetry());
  bot.use(prepareContext(deps), endDeletion);
  bot.use(chatMemberFeature());
  const knownUser = loadUser(deps);
  bot.on('pre_checkout_query').use(knownUser, checkoutFeature());
  const privateChats = bot.chatType('private');
  privateChats.use(answerCallback, declineStranger, knownUser, privateFeatures());
  bot.chatType(['group', 'supergroup']).on('message::bot_command').filter(beginsWithOwnCommand, declineGroup);
  return bot;
}

function privateFeatures(): Composer<BotContext> {
  const features = new Composer<BotContext>();
  // A command ends whatever question was open.
  features.on('message::bot_command').filter(beginsWithCommand, async (ctx, next) => {
    await endDialog(ctx);
    await next();
  });
  features.use(startFeature(), horoscopeFeature(), tarotFeature(), natalFeature(), premiumFeature(), deleteFeature(), helpFeature(), otherFeature());
  return features;
}

async function declineGroup(ctx: BotContext): Promise<void> {
  await ctx.reply(ctx.t('private-only', { username: ctx.me.username }));
}
