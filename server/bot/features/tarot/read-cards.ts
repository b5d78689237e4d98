import { markGenerationDelivered } from '#server/services/generations/mark-generation-delivered.ts';
import { spreadOperation } from '#server/services/tarot/read-spread.ts';
import { markSpreadDelivered, type TarotSpread } from '#server/services/tarot/spreads.ts';
import type { BotContext } from '../../context.ts';
import { spreadReading } from '../../readings/tarot-reading.ts';
import { apologise } from '../../replies.ts';
import { sendRuns } from '../../send-runs.ts';
import { markdownToRuns } from '../../text/markdown.ts';
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
  if (result.status === 'failed') return apologise(ctx, result);
  await sendRuns(ctx, [...spreadHead(ctx, spread), ...markdownToRuns(result.text)]);
  await Promise.all([markSpreadDelivered(deps.db, spread.id, deps.clock.now()), markGenerationDelivered(deps.db, result.requestId)]);
}
