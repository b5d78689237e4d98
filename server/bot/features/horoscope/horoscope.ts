import { Composer } from 'grammy';
import { ZodiacSign } from '#server/contracts/vocabulary.ts';
import { markGenerationDelivered } from '#server/services/generations/mark-generation-delivered.ts';
import { findLatestHoroscope } from '#server/services/horoscopes/find-latest-horoscope.ts';
import type { GenerationResult } from '#server/services/generations/types.ts';
import type { BotContext } from '../../context.ts';
import { formatDate } from '../../format-date.ts';
import { findHoroscopeReading, horoscopeKeyOf, horoscopeReading } from '../../readings/horoscope-reading.ts';
import { asFeature, explainNoReading } from '../../replies.ts';
import { sendRuns } from '../../send-runs.ts';
import { askSign } from '../../sign-question.ts';
import { markdownToRuns } from '../../text/markdown.ts';
import type { TextRun } from '../../text/runs.ts';
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
    ? { status: 'answered', ...stored, source: 'store' }
    : await withTyping(ctx, () => horoscopeReading(deps, ask));
  if (result.status === 'limited' && result.refusal.action === 'cached_only') return sendLatest(ctx, sign.data, result);
  if (result.status !== 'answered') return explainNoReading(ctx, result);
  ctx.track.readingSource = result.source;
  const { date } = horoscopeKeyOf(deps, ask);
  await sendRuns(ctx, [...headOf(ctx, sign.data, date), ...markdownToRuns(result.text)]);
  await markGenerationDelivered(deps.db, result.requestId);
});

/** While a budget allows cached texts only: the last horoscope of the sign, and said to be so. */
async function sendLatest(ctx: BotContext, sign: ZodiacSign, limited: Extract<GenerationResult, { status: 'limited' }>): Promise<void> {
  const { deps, user } = ctx;
  const latest = await findLatestHoroscope(deps.db, sign, user.language);
  if (!latest) return explainNoReading(ctx, limited);
  ctx.track.readingSource = 'store';
  const newDate = formatDate(limited.refusal.resumesOn, user.language);
  const note = ctx.t('limit-old-horoscope', { newDate, date: formatDate(latest.date, user.language) });
  await sendRuns(ctx, [...headOf(ctx, sign, latest.date), { text: `${note}\n\n`, tags: ['i'] }, ...markdownToRuns(latest.text)]);
}

function headOf(ctx: BotContext, sign: ZodiacSign, date: string): TextRun[] {
  const title = ctx.t('horoscope-title', { sign: ctx.t(`sign-${sign}`), date: formatDate(date, ctx.user.language) });
  return [{ text: title, tags: ['b'] }, { text: '\n\n', tags: [] }];
}
