import { localDate } from '#server/lib/time-buckets.ts';
import type { BotContext } from './context.ts';
import { parseBirthDate } from './input/parse-birth-date.ts';
import { askText } from './replies.ts';

const PLACEHOLDER = '1990-05-17';

/** What is said to a text that is no birth date. */
const REFUSALS = {
  unreadable: 'birth-date-unreadable',
  impossible: 'birth-date-impossible',
  future: 'birth-date-future',
  too_old: 'birth-date-too-old',
} as const;

/** Asks for a birth date. */
export async function askBirthDate(ctx: BotContext): Promise<void> {
  await askText(ctx, ctx.t('birth-date-ask'), PLACEHOLDER);
}

/** The birth date in the user's message; otherwise says what is wrong with it, asks again and returns null. */
export async function readBirthDate(ctx: BotContext, text: string): Promise<string | null> {
  const today = localDate(ctx.deps.clock.now(), ctx.deps.reportingTimeZone);
  const result = parseBirthDate(text, today);
  if (result.status === 'ok') return result.date;
  await askText(ctx, ctx.t(REFUSALS[result.status]), PLACEHOLDER);
  return null;
}
