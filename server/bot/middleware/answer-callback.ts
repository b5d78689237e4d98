import { describeError } from '#server/errors.ts';
import type { BotContext, BotMiddleware } from '../context.ts';

/** Answers a pressed button at once, so that the client stops spinning; a late answer that Telegram refuses harms nobody. */
export const answerCallback: BotMiddleware = async (ctx: BotContext, next) => {
  if (!ctx.callbackQuery) return next();
  const answered = ctx.answerCallbackQuery().catch((error: unknown) => {
    ctx.deps.logger.debug({ cause: describeError(error) }, 'callback query not answered');
  });
  await next();
  await answered;
};
