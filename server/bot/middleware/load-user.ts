import { createBatcher } from '#server/lib/batcher.ts';
import type { User, UserContact } from '#server/services/users/types.ts';
import { upsertUsers } from '#server/services/users/upsert-users.ts';
import type { BotContext, BotMiddleware, FeatureDeps } from '../context.ts';
import { parseDialog } from '../dialog.ts';

/** Users found or created by one statement when many updates arrive together. */
const CONTACTS_PER_STATEMENT_MAX = 64;

/** Finds or creates the user behind a message or a button and marks the contact; takes up the dialog where it stood. */
export function loadUser(deps: FeatureDeps): BotMiddleware {
  const upsert = createBatcher<UserContact, User>((contacts) => upsertUsers(deps.db, contacts), CONTACTS_PER_STATEMENT_MAX);
  return async (ctx: BotContext, next) => {
    if (!ctx.from) return;
    ctx.user = await upsert({
      telegramUserId: ctx.from.id,
      languageCode: ctx.from.language_code ?? null,
      source: sourceOf(ctx),
      at: deps.clock.now(),
    });
    ctx.dialog = parseDialog(ctx.user.dialog);
    ctx.track.userId = ctx.user.id;
    ctx.track.language = ctx.user.language;
    await next();
  };
}

function sourceOf(ctx: BotContext): string | null {
  const [, payload] = /^\/start(?:@\w+)?\s+(\S+)/.exec(ctx.message?.text ?? '') ?? [];
  return payload ?? null;
}
