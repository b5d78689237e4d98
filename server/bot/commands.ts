import type { BotContext } from './context.ts';

const COMMAND = /^\/\w{1,64}(?:@(\w+))?/;

/** Whether a message begins with a command; what looks like one further on is a part of its text. */
export function beginsWithCommand(ctx: BotContext): boolean {
  return COMMAND.test(writtenIn(ctx));
}

/** Whether a message begins with a command that is not another bot's. */
export function beginsWithOwnCommand(ctx: BotContext): boolean {
  const match = COMMAND.exec(writtenIn(ctx));
  return match !== null && (match[1] ?? ctx.me.username).toLowerCase() === ctx.me.username.toLowerCase();
}

function writtenIn({ message }: BotContext): string {
  return message?.text ?? message?.caption ?? '';
}
