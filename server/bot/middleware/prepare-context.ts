import { languageOf } from '#server/services/users/upsert-users.ts';
import type { BotContext, BotMiddleware, FeatureDeps } from '../context.ts';
import { trackOf } from '../track.ts';

/** Gives the context its dependencies and track, and silences what still runs when the deadline has passed. */
export function prepareContext(deps: FeatureDeps): BotMiddleware {
  return async (ctx: BotContext, next) => {
    const track = trackOf(ctx.update);
    ctx.deps = deps;
    ctx.track = track;
    ctx.dialog = null;
    // The language may still change: that of the stored user counts.
    ctx.t = (key, variables) => deps.translations.t(track.language, key, variables);
    track.chatId = ctx.chatId ?? null;
    track.language = languageOf(ctx.from?.language_code ?? null);
    ctx.api.config.use(async (call, method, payload, signal) => {
      if (track.isOver) throw new Error(`${method} came after the deadline of its update`);
      return call(method, payload, signal);
    });
    await next();
  };
}
