import { Composer } from 'grammy';
import { recordBlockChange } from '#server/services/users/record-block.ts';
import type { BotContext } from '../../context.ts';

/** A user blocked or unblocked the bot in their private chat; nothing is answered, and it is no activity. */
export function chatMemberFeature(): Composer<BotContext> {
  const feature = new Composer<BotContext>();
  feature.on('my_chat_member', async (ctx) => {
    ctx.track.handler = 'chat_member';
    if (ctx.chat.type !== 'private') return;
    const change = ctx.myChatMember;
    const contact = {
      telegramUserId: change.from.id,
      languageCode: change.from.language_code ?? null,
      source: null,
      at: new Date(change.date * 1_000),
    };
    const user = await recordBlockChange(ctx.deps.db, contact, change.new_chat_member.status === 'kicked');
    ctx.track.userId = user.id;
  });
  return feature;
}
