import { Composer } from 'grammy';
import { ZodiacSign } from '#server/contracts/vocabulary.ts';
import { markGenerationDelivered } from '#server/services/generations/mark-generation-delivered.ts';
import type { GenerationResult } from '#server/services/generations/types.ts';
import type { BotContext } from '../../context.ts';
import { formatDate } from '../../format-date.ts';
import { findHoroscopeReading, horoscopeKeyOf, horoscopeReading } from '../../readings/horoscope-reading.ts';
import { apologise, asFeature } from '../../replies.ts';
import { sendRuns } from '../../send-runs.ts';
import { askSign } from '../../sign-question.ts';
import { markdownToRuns } from '../../text/markdown.ts';
import { withTyping } from '../../typing.ts';

const RETRY_DATA = 'retry:horoscope';

/** `/horoscope`: the day of the user's sign. */
export function horoscopeFeature(): Composer<BotContext> {
  const feature = new Composer<BotContext>();
  feature.command('horoscope', giveHoroscope);
  feature.callbackQuery(RETRY_DATA, giveHoroscope);
  return feature;
}

/** Sends today's horoscope of the user's sign; asks for the sign when it is not known. */
export const giveHoroscope = asFeature('horoscope', RETRY_DATA, async (ctx) => {
  const sign = ZodiacSign.safeParse(ctx.user.zodiacSign);
  if (!sign.success) return askSign(ctx, 'horoscope', ctx.t('sign-ask'));
  ctx.track.operation = 'horoscope';
  const { deps, user } = ctx;
  const ask = { user, sign: sign.data, at: deps.clock.now(), updateId: ctx.update.update_id };
  const stored = await findHoroscopeReading(deps, ask);
  const result: GenerationResult = stored
    ? { status: 'answered', ...stored }
    : await withTyping(ctx, () => horoscopeReading(deps, ask));
  if (result.status === 'failed') return apologise(ctx, result);
  const { date } = horoscopeKeyOf(deps, ask);
  const title = ctx.t('horoscope-title', { sign: ctx.t(`sign-${sign.data}`), date: formatDate(date, user.language) });
  await sendRuns(ctx, [{ text: title, tags: ['b'] }, { text: '\n\n', tags: [] }, ...markdownToRuns(result.text)]);
  await markGenerationDelivered(deps.db, result.requestId);
});
