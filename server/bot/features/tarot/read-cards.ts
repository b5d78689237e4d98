import { markGenerationDelivered } from '#server/services/generations/mark-generation-delivered.ts';
import { findCardText } from '#server/services/tarot/find-card-text.ts';
import type { GenerationResult } from '#server/services/generations/types.ts';
import { spreadOperation } from '#server/services/tarot/read-spread.ts';
import { markSpreadDelivered, type TarotSpread } from '#server/services/tarot/spreads.ts';
import type { BotContext } from '../../context.ts';
import { spreadReading } from '../../readings/tarot-reading.ts';
import { explainNoReading } from '../../replies.ts';
import { sendRuns } from '../../send-runs.ts';
import { markdownToRuns } from '../../text/markdown.ts';
import { formatDate } from '../../format-date.ts';
import { withTyping } from '../../typing.ts';
import { spreadHead } from './spread-view.ts';

/** Reads drawn cards and sends the reading; on a failure apologises with a button that reads the same cards. */
export async function readCards(ctx: BotContext, spread: TarotSpread): Promise<void> {
  const { deps, user } = ctx;
  ctx.track.operation = spreadOperation(spread.kind);
  ctx.track.retryData = `retry:spread:${spread.id}`;
  const at = deps.clock.now();
  const read = () => spreadReading(deps, { user, at, updateId: ctx.update.update_id, spread });
  const result = spread.text === null ? await withTyping(ctx, read) : await read();
  if (result.status === 'limited' && result.refusal.action === 'cached_only' && spread.kind === 'card_of_day') return sendOldText(ctx, spread, result);
  if (result.status !== 'answered') return explainNoReading(ctx, result);
  ctx.track.readingSource = result.source;
  await sendRuns(ctx, [...spreadHead(ctx, spread), ...markdownToRuns(result.text)]);
  await Promise.all([markSpreadDelivered(deps.db, spread.id, deps.clock.now()), markGenerationDelivered(deps.db, result.requestId)]);
}

/** While a budget allows cached texts only: what was written of the same card before, and said to be so. */
async function sendOldText(ctx: BotContext, spread: TarotSpread, limited: Extract<GenerationResult, { status: 'limited' }>): Promise<void> {
  const [card] = spread.cards;
  const text = card ? await findCardText(ctx.deps.db, card, spread.language) : null;
  if (text === null) return explainNoReading(ctx, limited);
  ctx.track.readingSource = 'store';
  const note = ctx.t('limit-old-card', { newDate: formatDate(limited.refusal.resumesOn, ctx.user.language) });
  await sendRuns(ctx, [...spreadHead(ctx, spread), { text: `${note}\n\n`, tags: ['i'] }, ...markdownToRuns(text)]);
}
