import { localDate } from '#server/lib/time-buckets.ts';
import type { BotContext } from '../../context.ts';
import { formatDate } from '../../format-date.ts';

/** The day of an instant in the reporting time zone, in words. */
export function formatInstant(ctx: BotContext, at: Date): string {
  return formatDate(localDate(at, ctx.deps.reportingTimeZone), ctx.user.language);
}
