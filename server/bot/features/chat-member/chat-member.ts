import { Composer } from 'grammy';
import { recordBlockChange } from '#server/services/users/record-block.ts';
import type { BotContext } from '../../context.ts';

/** A user blocked or unblocked the bot in their private chat; nothing is answered, and it is no activity. */
export function chatMemberFeature(): Composer<BotContext> {
  const feature = new Composer<BotContext>();
  feature.on('my_chat_member', async (ctx) => {
    ctx.track.handler = 'chat_member';
    if (ctx.chat.type !== 'private') return;
    const { from, date, new_chat_member: member } = ctx.myChatMember;
    const user = await recordBlockChange(ctx.deps.db, { telegramUserId: from.id, at: new Date(date * 1_000) }, member.status === 'kicked');
    ctx.track.userId = user?.id ?? null;
  });
  return feature;
}
