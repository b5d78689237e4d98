import { z } from 'zod';
import type { BotContext, BotMiddleware } from '../context.ts';

const Emptied = z.looseObject({ deleted_user_id: z.int() });

/** Ends the update of a deletion whose process died after it: it is told under the id of who was deleted, and there is nobody to speak to. */
export const endDeletion: BotMiddleware = async (ctx: BotContext, next) => {
  const emptied = Emptied.safeParse(ctx.update);
  if (!emptied.success) return next();
  ctx.track.handler = 'delete';
  ctx.track.userId = emptied.data.deleted_user_id;
};
