import type { Context } from 'grammy';

/** Telegram shows "typing" for five seconds. */
const TYPING_INTERVAL_MS = 4_000;

/** Shows the user that somebody writes while `work` runs, and stops whatever comes of it. */
export async function withTyping<T>(ctx: Context, work: () => Promise<T>): Promise<T> {
  // Nothing depends on it: a user who blocked us is noticed by the message itself.
  const show = () => void ctx.replyWithChatAction('typing').catch(() => undefined);
  show();
  const timer = setInterval(show, TYPING_INTERVAL_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
