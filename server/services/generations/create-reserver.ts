import { listActiveBudgets } from '#db/queries/budgets.ts';
import type { Budget } from '#db/schema/index.ts';
import { createBatcher } from '#server/lib/batcher.ts';
import { cachePrices } from '../prices/price-book.ts';
import { type FastRow, reserveFast } from './reserve-fast.ts';
import { latest, modelsOf, reserveGenerations, rowOf, ungoverned, type Reservation, type ReserveInput, type ReserveOptions } from './reserve-generations.ts';

/** Attempts that arrive together share a transaction of at most so many. */
const BATCH_SIZE_MAX = 64;
/** Prices change by the hour. */
const PRICES_AGE_MS_MAX = 30_000;
/** Once a step may be reached, every attempt is decided on singly for so long. */
const CAREFUL_MS = 5_000;

/** Reserves attempts one by one for its callers, together for Postgres: in one statement while no budget is near a step. */
export function createReserver(options: ReserveOptions): (input: ReserveInput) => Promise<Reservation> {
  const careful = { openPrices: cachePrices(PRICES_AGE_MS_MAX), ...options };
  let budgets: readonly Budget[] | null = null;
  let carefulUntilMs = 0;

  async function tryFast(inputs: readonly ReserveInput[]): Promise<Reservation[] | null> {
    if (performance.now() < carefulUntilMs) return null;
    const { db, reportingTimeZone } = options;
    budgets ??= await listActiveBudgets(db);
    const prices = await careful.openPrices(db, inputs.flatMap(({ model }) => modelsOf(model, options)), latest(inputs));
    const rows = inputs.map((input) => rowOf(input, ungoverned(input, prices), options));
    if (rows.every(isFast) && (await reserveFast({ db, reportingTimeZone, budgets }, rows))) {
      return rows.map(({ requestId, model }, index) => ({ kind: 'granted', requestId, model, completionTokensMax: inputs[index]?.completionTokensMax ?? 0 }));
    }
    budgets = null;
    carefulUntilMs = performance.now() + CAREFUL_MS;
    return null;
  }

  return createBatcher(async (inputs) => (await tryFast(inputs)) ?? reserveGenerations(careful, inputs), BATCH_SIZE_MAX);
}

function isFast(row: ReturnType<typeof rowOf>): row is ReturnType<typeof rowOf> & FastRow {
  return row.reservedUsd != null && row.userId != null;
}
