import { Composer, InlineKeyboard } from 'grammy';
import { ZodiacSign } from '#server/contracts/vocabulary.ts';
import { zodiacSignOf } from '#server/contracts/zodiac.ts';
import { askBirthDate, readBirthDate } from '../../birth-date-question.ts';
import type { BotContext } from '../../context.ts';
import { SignPurpose } from '../../dialog.ts';
import { asFeature, remember } from '../../replies.ts';
import { askSign, parseSign } from '../../sign-question.ts';
import { giveHoroscope } from '../horoscope/horoscope.ts';

/** `/start`: greets and learns the zodiac sign, also on behalf of `/horoscope`. */
export function startFeature(): Composer<BotContext> {
  const feature = new Composer<BotContext>();
  feature.command('start', greet);
  feature.callbackQuery('retry:start', greet);
  feature.callbackQuery('start:change_sign', changeSign);
  feature.callbackQuery(/^sign:(\w+):(\w+)$/, chooseSign);
  feature.callbackQuery(/^sign_by_date:(\w+)$/, chooseBirthDate);
  feature.on('message:text').filter((ctx) => ctx.dialog?.step === 'sign', readSign);
  return feature;
}

const greet = asFeature('start', 'retry:start', async (ctx) => {
  const sign = ZodiacSign.safeParse(ctx.user.zodiacSign);
  if (!sign.success) return askSign(ctx, 'start', ctx.t('start-greeting'));
  const keyboard = new InlineKeyboard().text(ctx.t('start-change-sign'), 'start:change_sign');
  await ctx.reply(ctx.t('start-welcome-back', { sign: ctx.t(`sign-${sign.data}`) }), { reply_markup: keyboard });
});

const changeSign = asFeature('start', null, (ctx) => askSign(ctx, 'start', ctx.t('sign-ask')));

const chooseSign = asFeature('start', null, async (ctx) => {
  const [, typedSign, typedPurpose] = ctx.match ?? [];
  const sign = ZodiacSign.safeParse(typedSign);
  const purpose = SignPurpose.safeParse(typedPurpose);
  if (!sign.success || !purpose.success) return void (await ctx.reply(ctx.t('button-outdated')));
  await keepSign(ctx, sign.data, purpose.data, {});
});

const chooseBirthDate = asFeature('start', null, async (ctx) => {
  const purpose = SignPurpose.catch('start').parse(ctx.match?.[1]);
  await askBirthDate(ctx);
  await remember(ctx, {}, { step: 'sign', data: { purpose } });
});

const readSign = asFeature('start', null, async (ctx) => {
  if (ctx.dialog?.step !== 'sign') return;
  const { purpose } = ctx.dialog.data;
  const text = ctx.message?.text ?? '';
  const named = parseSign(ctx, text);
  if (named) return keepSign(ctx, named, purpose, {});
  const birthDate = await readBirthDate(ctx, text);
  if (birthDate !== null) await keepSign(ctx, zodiacSignOf(birthDate), purpose, { birthDate });
});

/** Goes on with what the sign was asked for. The dialog ends last, so that an update handled anew takes the same way. */
async function keepSign(ctx: BotContext, sign: ZodiacSign, purpose: SignPurpose, birth: { birthDate?: string }): Promise<void> {
  if (purpose === 'horoscope') {
    await remember(ctx, { zodiacSign: sign, ...birth }, ctx.dialog);
    await giveHoroscope(ctx);
    return remember(ctx, {}, null);
  }
  await ctx.reply(ctx.t('sign-saved', { sign: ctx.t(`sign-${sign}`) }));
  await remember(ctx, { zodiacSign: sign, ...birth }, null);
}
