import type { Economics } from '#server/contracts/economics.ts';
import type { Overview } from '#server/contracts/overview.ts';
import { changeRatio, type Figure } from '#server/contracts/change.ts';
import { toDecimalString } from '#server/lib/money.ts';

/** Places of an amount that is read, not reckoned with. */
const USD_PLACES = 4;

/** A day in a few lines of plain text, each figure with its change against the same weekday a week before. Figures are those of the pages. */
export function describeDay(day: string, overview: Overview, economics: Economics, url: string): string {
  const { cost, generations, interactions, range } = overview;
  const [before, earned] = [overview.compared, economics.compared];
  const open = generations.reservedCount + generations.unknownCount;
  const failed = interactions.errorRatio === null ? 'no interactions' : `${percent(interactions.errorRatio)} of ${interactions.totalCount} interactions failed`;
  return [
    `${day} (${range.timeZone}), ${before === null ? 'with a week before not wholly on record' : 'beside the same weekday a week before'}`,
    `Active users: ${cost.activeUserCount}${change(cost.activeUserCount, before?.cost.activeUserCount)}, new: ${economics.users.newCount}${change(economics.users.newCount, earned?.users.newCount)}`,
    `AI cost: ${dollars(cost.totalUsd)}${change(cost.totalUsd, before?.cost.totalUsd)} in ${generations.totalCount} attempts${open > 0 ? `, and ${open} of unknown cost` : ''}`,
    `Revenue: ${dollars(economics.total.revenueUsd)}${change(economics.total.revenueUsd, earned?.total.revenueUsd)}, margin: ${dollars(economics.total.marginUsd)}`,
    `Errors: ${failed}`,
    `See ${url}?from=${day}&to=${day}&bucket=day&compare=previous`,
  ].join('\n');
}

function change(figure: Figure, earlier: Figure | undefined): string {
  const ratio = changeRatio(figure, earlier ?? null);
  return ratio === null ? '' : ` (${ratio > 0 ? '+' : ''}${percent(ratio)})`;
}

function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(1)} %`;
}

function dollars(usd: string): string {
  const text = toDecimalString(usd, USD_PLACES);
  return text.startsWith('-') ? `-$${text.slice(1)}` : `$${text}`;
}
