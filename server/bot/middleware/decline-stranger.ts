import { findUser } from '#server/services/users/find-user.ts';
import type { BotContext, BotMiddleware } from '../context.ts';

const DELETE_BUTTON = /^delete:/;

/**
 * Tells who asks for a deletion and of whom nothing is known that there is nothing to delete. It stands before users are made:
 * a second press on the button would otherwise put on record again whom the first has deleted.
 */
export const declineStranger: BotMiddleware = async (ctx: BotContext, next) => {
  const isAboutDeletion = ctx.hasCommand('delete') || DELETE_BUTTON.test(ctx.callbackQuery?.data ?? '');
  if (!ctx.from || !isAboutDeletion || (await findUser(ctx.deps.db, ctx.from.id))) return next();
  ctx.track.handler = 'delete';
  await ctx.reply(ctx.t('delete-nothing'));
};
