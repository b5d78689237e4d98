import { countPrices, listPriceHistory } from '#db/queries/prices.ts';
import { PRICE_HISTORY_LENGTH_MAX, type PriceHistory, type PriceHistoryInput } from '#server/contracts/prices.ts';
import type { ReportDeps } from './report-kit.ts';
import { toPrice } from './to-price.ts';

/** The prices of one model, the newest first; none for a model that is not on record. */
export async function getPriceHistory({ db, reportingTimeZone }: ReportDeps, { model }: PriceHistoryInput): Promise<PriceHistory> {
  const prices = await listPriceHistory(db, model, PRICE_HISTORY_LENGTH_MAX);
  const totalCount = prices.length < PRICE_HISTORY_LENGTH_MAX ? prices.length : await countPrices(db, model);
  return { model, timeZone: reportingTimeZone, prices: prices.map(toPrice), totalCount };
}
