import type { BirthData, ChartPositions, EclipticPoint } from '#server/services/natal/types.ts';
import type { BotContext } from '../../context.ts';
import { formatDate } from '../../format-date.ts';
import type { TextRun } from '../../text/runs.ts';

/** The head of a chart: whose it is, and where the bodies stood. */
export function chartHead(ctx: BotContext, birth: BirthData, positions: ChartPositions): TextRun[] {
  const born = ctx.t('natal-born', {
    date: formatDate(birth.date, ctx.user.language),
    time: birth.time ?? ctx.t('natal-time-is-unknown'),
    place: birth.place,
  });
  const bodies = positions.bodies.map(
    (position) => `${describe(ctx, position.body, position)}${position.isRetrograde ? `, ${ctx.t('natal-retrograde')}` : ''}`,
  );
  const ascendant = positions.ascendant ? [describe(ctx, 'ascendant', positions.ascendant)] : [];
  const note = positions.isTimeKnown ? [] : [{ text: `\n\n${ctx.t('natal-noon-note')}`, tags: ['i' as const] }];
  return [
    { text: ctx.t('natal-title'), tags: ['b'] },
    { text: `\n${born}\n\n${[...ascendant, ...bodies].join('\n')}`, tags: [] },
    ...note,
    { text: '\n\n', tags: [] },
  ];
}

function describe(ctx: BotContext, name: string, point: EclipticPoint): string {
  return `${ctx.t(`body-${name}`)}: ${ctx.t(`sign-${point.sign}`)} ${Math.floor(point.degree)}°`;
}
