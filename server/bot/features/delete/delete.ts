import { Composer, InlineKeyboard } from 'grammy';
import { describeError } from '#server/errors.ts';
import { deleteUser } from '#server/services/users/delete-user.ts';
import { planOf } from '#server/services/users/types.ts';
import type { BotContext } from '../../context.ts';
import { classifyFailure } from '../../failure.ts';
import { asFeature } from '../../replies.ts';
import { formatInstant } from '../premium/format-instant.ts';

/** How often the news of a deletion is sent: nobody can tell it later, because the chat is forgotten. */
const TELLS_MAX = 2;

/** `/delete`: says what goes and what stays, and deletes it when that is confirmed. */
export function deleteFeature(): Composer<BotContext> {
  const feature = new Composer<BotContext>();
  feature.command('delete', askWhether);
  feature.callbackQuery(/^delete:yes:(\d{1,15})$/, deleteData);
  feature.callbackQuery('delete:no', asFeature('delete', null, async (ctx) => void (await ctx.reply(ctx.t('delete-kept')))));
  return feature;
}

const askWhether = asFeature('delete', null, async (ctx) => {
  const { user, deps } = ctx;
  // The button names whom it deletes: an old one does nothing to who has begun anew.
  const keyboard = new InlineKeyboard().text(ctx.t('delete-yes'), `delete:yes:${user.id}`).row().text(ctx.t('delete-no'), 'delete:no');
  const { premiumUntil } = user;
  const isPaid = premiumUntil !== null && planOf(user, deps.clock.now()) === 'premium';
  const premium = isPaid ? `\n\n${ctx.t('delete-ask-premium', { date: formatInstant(ctx, premiumUntil) })}` : '';
  await ctx.reply(`${ctx.t('delete-ask')}${premium}`, { reply_markup: keyboard });
});

const deleteData = asFeature('delete', null, async (ctx) => {
  const { user, deps, update } = ctx;
  if (Number(ctx.match?.[1]) !== user.id) return void (await ctx.reply(ctx.t('button-outdated')));
  ctx.track.retryData = `delete:yes:${user.id}`;
  await deleteUser(deps.db, { userId: user.id, at: deps.clock.now(), updateId: update.update_id });
  ctx.track.retryData = null;
  await tellDeleted(ctx);
});

/** What goes wrong here ends the update: tried again, it would find nobody to speak to. */
async function tellDeleted(ctx: BotContext): Promise<void> {
  for (let tell = 1; tell <= TELLS_MAX; tell += 1) {
    try {
      await ctx.reply(ctx.t('delete-done'));
      ctx.track.errorType = null;
      return;
    } catch (error) {
      ctx.track.errorType = classifyFailure(error).errorType;
      ctx.deps.logger.warn({ userId: ctx.user.id, cause: describeError(error) }, 'a user could not be told of their deletion');
    }
  }
}
