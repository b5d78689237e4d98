import { Composer } from 'grammy';
import { birthDataOf } from '#server/services/natal/birth-data-of.ts';
import { findPlaceById, findPlaces } from '#server/services/places/find-places.ts';
import { placeName } from '#server/services/places/place-name.ts';
import { timeZoneOf } from '#server/services/places/time-zone-of.ts';
import type { Place } from '#server/services/places/types.ts';
import { zodiacSignOf } from '#server/contracts/zodiac.ts';
import { readBirthDate } from '../../birth-date-question.ts';
import type { BotContext } from '../../context.ts';
import { parseBirthTime } from '../../input/parse-birth-time.ts';
import { asFeature, endDialog, remember } from '../../replies.ts';
import { askDate, askPlace, askPlaceAgain, askTime, askTimeAgain, askWhichPlace } from './questions.ts';
import { showChart } from './show-chart.ts';

const RETRY_DATA = 'retry:natal';
/** What people write when they do not know the time. */
const UNKNOWN_TIME = /^(?:unknown|i don.?t know|не знаю|неизвестно|не помню)/i;

/** `/natal`: asks what is missing of the birth data, then shows the chart. */
export function natalFeature(): Composer<BotContext> {
  const feature = new Composer<BotContext>();
  feature.command('natal', showOrAsk);
  feature.callbackQuery(RETRY_DATA, showOrAsk);
  feature.callbackQuery('natal:change', asFeature('natal', null, askDate));
  feature.callbackQuery('natal:time_unknown', asFeature('natal', RETRY_DATA, keepUnknownTime));
  feature.callbackQuery(/^place:(\d{1,10})$/, choosePlace);
  const answers = feature.on('message:text');
  answers.filter((ctx) => ctx.dialog?.step === 'natal_date', readDate);
  answers.filter((ctx) => ctx.dialog?.step === 'natal_time', readTime);
  answers.filter((ctx) => ctx.dialog?.step === 'natal_place', readPlace);
  return feature;
}

const showOrAsk = asFeature('natal', RETRY_DATA, async (ctx) => {
  const { user } = ctx;
  if (birthDataOf(user)) return showChart(ctx);
  if (user.birthDate === null) return askDate(ctx);
  return user.birthTime === null && !user.isBirthTimeUnknown ? askTime(ctx, {}) : askPlace(ctx, {});
});

const readDate = asFeature('natal', null, async (ctx) => {
  const birthDate = await readBirthDate(ctx, ctx.message?.text ?? '');
  if (birthDate === null) return;
  // The sign follows the date, also where another one was chosen before.
  await askTime(ctx, { birthDate, zodiacSign: zodiacSignOf(birthDate), birthTime: null, isBirthTimeUnknown: false });
});

const readTime = asFeature('natal', null, async (ctx) => {
  const text = ctx.message?.text?.trim() ?? '';
  if (UNKNOWN_TIME.test(text)) return keepUnknownTime(ctx);
  const birthTime = parseBirthTime(text);
  if (birthTime === null) return askTimeAgain(ctx);
  await askPlace(ctx, { birthTime, isBirthTimeUnknown: false });
});

async function keepUnknownTime(ctx: BotContext): Promise<void> {
  if (ctx.user.birthDate === null) return askDate(ctx);
  await askPlace(ctx, { birthTime: null, isBirthTimeUnknown: true });
}

const readPlace = asFeature('natal', RETRY_DATA, async (ctx) => {
  const places = await findPlaces(ctx.message?.text ?? '');
  const [place] = places;
  if (!place) return askPlaceAgain(ctx);
  if (places.length > 1) return askWhichPlace(ctx, places);
  await keepPlace(ctx, place);
});

const choosePlace = asFeature('natal', RETRY_DATA, async (ctx) => {
  const place = await findPlaceById(Number(ctx.match?.[1]));
  if (!place) return void (await ctx.reply(ctx.t('button-outdated')));
  await keepPlace(ctx, place);
});

/** The dialog ends after the chart, so that an update handled anew takes the same way to the same chart. */
async function keepPlace(ctx: BotContext, place: Place): Promise<void> {
  const { latitude, longitude } = place;
  const birthPlace = placeName(place, ctx.user.language);
  const birthTimeZone = await timeZoneOf(latitude, longitude);
  await remember(ctx, { birthPlace, birthLatitude: latitude, birthLongitude: longitude, birthTimeZone }, ctx.dialog);
  if (birthDataOf(ctx.user)) {
    await showChart(ctx);
    return endDialog(ctx);
  }
  return ctx.user.birthDate === null ? askDate(ctx) : askTime(ctx, {});
}
