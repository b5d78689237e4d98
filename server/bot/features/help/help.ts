import { Composer } from 'grammy';
import type { BotContext } from '../../context.ts';
import { asFeature } from '../../replies.ts';

/** `/help`. */
export function helpFeature(): Composer<BotContext> {
  const feature = new Composer<BotContext>();
  feature.command('help', asFeature('help', null, async (ctx) => void (await ctx.reply(ctx.t('help')))));
  return feature;
}

/** What no other feature knew: an old button, a text, a sticker. Never silence. */
export function otherFeature(): Composer<BotContext> {
  const feature = new Composer<BotContext>();
  feature.on('callback_query', asFeature('other', null, async (ctx) => void (await ctx.reply(ctx.t('button-outdated')))));
  feature.on('message', asFeature('other', null, async (ctx) => void (await ctx.reply(ctx.t('unknown-text')))));
  return feature;
}
