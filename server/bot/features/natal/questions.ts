import { InlineKeyboard } from 'grammy';
import { placeName } from '#server/services/places/place-name.ts';
import type { Place } from '#server/services/places/types.ts';
import type { UserChanges } from '#server/services/users/types.ts';
import { askBirthDate } from '../../birth-date-question.ts';
import type { BotContext } from '../../context.ts';
import { askText, remember } from '../../replies.ts';

const TIME_PLACEHOLDER = '14:30';
type Learnt = Omit<UserChanges, 'dialog'>;

/** Each question goes out first; what was learnt before and the open question are stored after it, together. */
export async function askDate(ctx: BotContext): Promise<void> {
  await ctx.reply(ctx.t('natal-intro'));
  await askBirthDate(ctx);
  await remember(ctx, {}, { step: 'natal_date' });
}

/** Asks for the birth time; a button above stands for "unknown". */
export async function askTime(ctx: BotContext, learnt: Learnt): Promise<void> {
  const keyboard = new InlineKeyboard().text(ctx.t('natal-time-unknown'), 'natal:time_unknown');
  await ctx.reply(ctx.t('natal-time-unknown-hint'), { reply_markup: keyboard });
  await askText(ctx, ctx.t('natal-time-ask'), TIME_PLACEHOLDER);
  await remember(ctx, learnt, { step: 'natal_time' });
}

/** Asks for the time again after an answer that is none. */
export async function askTimeAgain(ctx: BotContext): Promise<void> {
  await askText(ctx, ctx.t('natal-time-unreadable'), TIME_PLACEHOLDER);
}

/** Asks for the birth place. */
export async function askPlace(ctx: BotContext, learnt: Learnt): Promise<void> {
  await askText(ctx, ctx.t('natal-place-ask'), ctx.t('natal-place-placeholder'));
  await remember(ctx, learnt, { step: 'natal_place' });
}

/** Asks for the place again after a name that nobody knows. */
export async function askPlaceAgain(ctx: BotContext): Promise<void> {
  await askText(ctx, ctx.t('natal-place-not-found'), ctx.t('natal-place-placeholder'));
}

/** Offers several places of the same name. */
export async function askWhichPlace(ctx: BotContext, places: readonly Place[]): Promise<void> {
  const keyboard = InlineKeyboard.from(places.map((place) => [InlineKeyboard.text(describePlace(ctx, place), `place:${place.id}`)]));
  await ctx.reply(ctx.t('natal-place-choose', { count: places.length }), { reply_markup: keyboard });
}

/** `Springfield, MO, United States · 166,810 people`: enough to tell namesakes apart. */
function describePlace(ctx: BotContext, place: Place): string {
  const formatted = new Intl.NumberFormat(ctx.user.language).format(place.population);
  return `${placeName(place, ctx.user.language)} · ${ctx.t('natal-place-people', { count: place.population, formatted })}`;
}
