import { ListPricesInput, PriceHistory, PriceHistoryInput, PriceList } from '#server/contracts/prices.ts';
import { getPriceHistory } from '#server/services/reports/get-price-history.ts';
import { listPrices } from '#server/services/reports/list-prices.ts';
import { adminProcedure, router } from '../init.ts';

export const pricesRouter = router({
  /** The price valid now of each model that is configured or was used in a range. */
  list: adminProcedure
    .input(ListPricesInput)
    .output(PriceList)
    .query(({ ctx, input }) => listPrices(ctx.reports, ctx.models, input)),
  /** The prices of one model, the newest first. */
  history: adminProcedure
    .input(PriceHistoryInput)
    .output(PriceHistory)
    .query(({ ctx, input }) => getPriceHistory(ctx.reports, input)),
});
