import { InlineKeyboard } from 'grammy';
import { markGenerationDelivered } from '#server/services/generations/mark-generation-delivered.ts';
import { birthDataOf } from '#server/services/natal/birth-data-of.ts';
import { markChartDelivered, positionsOf } from '#server/services/natal/charts.ts';
import { invariant } from '#server/errors.ts';
import type { BotContext } from '../../context.ts';
import { natalReading, openNatalChart } from '../../readings/natal-reading.ts';
import { explainNoReading } from '../../replies.ts';
import { sendRuns } from '../../send-runs.ts';
import { markdownToRuns } from '../../text/markdown.ts';
import { withTyping } from '../../typing.ts';
import { chartHead } from './chart-view.ts';

/** Sends the chart of the user's complete birth data with its interpretation. */
export async function showChart(ctx: BotContext): Promise<void> {
  const { deps, user } = ctx;
  const birth = birthDataOf(user);
  invariant(birth, 'the birth data are complete');
  ctx.track.operation = 'natal_chart';
  ctx.track.retryData = 'retry:natal';
  const ask = { user, birth, at: deps.clock.now(), updateId: ctx.update.update_id };
  const chart = await openNatalChart(deps, ask);
  const read = () => natalReading(deps, { ...ask, chart });
  const result = chart.text === null ? await withTyping(ctx, read) : await read();
  if (result.status !== 'answered') return explainNoReading(ctx, result);
  ctx.track.readingSource = result.source;
  const runs = [...chartHead(ctx, birth, positionsOf(chart)), ...markdownToRuns(result.text)];
  await sendRuns(ctx, runs, new InlineKeyboard().text(ctx.t('natal-change'), 'natal:change'));
  await Promise.all([markChartDelivered(deps.db, chart.id, deps.clock.now()), markGenerationDelivered(deps.db, result.requestId)]);
}
