import { Composer, InlineKeyboard } from 'grammy';
import { findSpread } from '#server/services/tarot/spreads.ts';
import { planOf } from '#server/services/users/types.ts';
import type { BotContext } from '../../context.ts';
import { openCardOfDay, openThreeCards } from '../../readings/tarot-reading.ts';
import { askText, asFeature, endDialog, remember } from '../../replies.ts';
import { QUESTION_CHARS_MAX } from './question-limit.ts';
import { readCards } from './read-cards.ts';

/** `/tarot`: the card of the day, or three cards to a question. */
export function tarotFeature(): Composer<BotContext> {
  const feature = new Composer<BotContext>();
  feature.command('tarot', offerOrRead);
  feature.callbackQuery('tarot:card', cardOfDay);
  feature.callbackQuery('tarot:three', askQuestion);
  feature.callbackQuery(/^retry:spread:(\d{1,15})$/, readAgain);
  feature.on('message:text').filter((ctx) => ctx.dialog?.step === 'tarot_question', readQuestion);
  return feature;
}

const offerOrRead = asFeature('tarot', null, async (ctx) => {
  const question = String(ctx.match ?? '').trim();
  if (question !== '') return threeCards(ctx, question);
  const keyboard = new InlineKeyboard()
    .text(ctx.t('tarot-button-card'), 'tarot:card')
    .row()
    .text(ctx.t('tarot-button-three'), 'tarot:three');
  await ctx.reply(ctx.t('tarot-menu'), { reply_markup: keyboard });
});

const cardOfDay = asFeature('tarot', 'tarot:card', async (ctx) => {
  ctx.track.operation = 'tarot_card';
  const { deps, user } = ctx;
  await readCards(ctx, await openCardOfDay(deps, { user, at: deps.clock.now(), updateId: ctx.update.update_id }));
});

const askQuestion = asFeature('tarot', 'tarot:three', async (ctx) => {
  await askForQuestion(ctx, ctx.t('tarot-question-ask'));
});

const readQuestion = asFeature('tarot', null, async (ctx) => {
  await threeCards(ctx, ctx.message?.text?.trim() ?? '');
});

const readAgain = asFeature('tarot', null, async (ctx) => {
  const spread = await findSpread(ctx.deps.db, ctx.user.id, Number(ctx.match?.[1]));
  if (!spread) return void (await ctx.reply(ctx.t('button-outdated')));
  await readCards(ctx, spread);
});

async function askForQuestion(ctx: BotContext, text: string): Promise<void> {
  await askText(ctx, text, ctx.t('tarot-question-placeholder'));
  await remember(ctx, {}, { step: 'tarot_question' });
}

async function threeCards(ctx: BotContext, question: string): Promise<void> {
  const at = ctx.deps.clock.now();
  const excess = [...question].length - QUESTION_CHARS_MAX[planOf(ctx.user, at)];
  if (question === '') return askForQuestion(ctx, ctx.t('tarot-question-empty'));
  if (excess > 0) return askForQuestion(ctx, ctx.t('tarot-question-too-long', { count: excess }));
  ctx.track.operation = 'tarot_three_cards';
  const { deps, user } = ctx;
  const spread = await openThreeCards(deps, { user, at, updateId: ctx.update.update_id, question });
  // Delivered, but the update was not finished before a crash: the user has it already.
  if (spread.deliveredAt === null) await readCards(ctx, spread);
  await endDialog(ctx);
}
