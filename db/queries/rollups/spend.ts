import { sql } from 'drizzle-orm';
import type { Executor } from '../../client.ts';
import type { Cover } from './cover.ts';
import { interactionParts } from './interaction-parts.ts';
import { ledgerParts } from './ledger-parts.ts';

const NONE = sql`''`;
const sumUsd = (filter = sql`true`) => sql`coalesce(sum(cost_usd) filter (where ${filter}), 0)::numeric(20,12)`;
const count = (filter = sql`true`) => sql`coalesce(sum(attempt_count) filter (where ${filter}), 0)`;

export interface SpendRow {
  readonly kind: 'total' | 'cause' | 'operation' | 'model';
  readonly disposition: string | null;
  readonly errorType: string | null;
  readonly operation: string | null;
  readonly model: string | null;
  readonly costUsd: string;
  readonly deliveredUsd: string;
  readonly attemptCount: number;
  readonly settledCount: number;
  readonly deliveredCount: number;
  readonly openCount: number;
}

/**
 * Spend of a range in one pass: a row over all (`total`), and rows per disposition and error type (`cause`), per
 * operation and per model; each kind adds up to the total.
 */
export async function sumSpend(executor: Executor, cover: Cover): Promise<SpendRow[]> {
  const isDelivered = sql`disposition = 'delivered'`;
  const rows = await executor.execute<Omit<SpendRow, `${string}Count`> & Record<`${string}Count`, string>>(sql`
    select case when grouping(disposition) = 0 then 'cause' when grouping(operation) = 0 then 'operation' when grouping(model) = 0 then 'model' else 'total' end as kind,
      nullif(disposition, ${NONE}) as disposition, nullif(error_type, ${NONE}) as "errorType", operation, model, ${sumUsd()} as "costUsd",
      ${sumUsd(isDelivered)} as "deliveredUsd", ${count()} as "attemptCount", ${count(sql`status = 'settled'`)} as "settledCount",
      ${count(sql`status = 'settled' and ${isDelivered}`)} as "deliveredCount", ${count(sql`status in ('reserved', 'unknown')`)} as "openCount"
    from (${ledgerParts(cover)}) as part
    group by grouping sets ((), (disposition, error_type), (operation), (model))
    having grouping(disposition, operation, model) = 7 or sum(attempt_count) <> 0`);
  return [...rows].map((row) => ({
    ...row,
    attemptCount: Number(row.attemptCount),
    settledCount: Number(row.settledCount),
    deliveredCount: Number(row.deliveredCount),
    openCount: Number(row.openCount),
  }));
}

/** Readings that users were given in a range, by where their text came from; `unrecorded` are older than that record. */
export async function countReadings(executor: Executor, cover: Cover) {
  const ofSource = (filter: ReturnType<typeof sql>) => sql`coalesce(sum(interaction_count) filter (where ${filter}), 0)`;
  const [row] = await executor.execute<{ store: string; model: string; unrecorded: string }>(sql`
    select ${ofSource(sql`reading_source = 'store'`)} as store, ${ofSource(sql`reading_source = 'model'`)} as model,
      ${ofSource(sql`reading_source = '' and operation <> '' and outcome = 'ok'`)} as unrecorded
    from (${interactionParts(cover)}) as part`);
  return { storeCount: Number(row?.store ?? 0), modelCount: Number(row?.model ?? 0), unrecordedCount: Number(row?.unrecorded ?? 0) };
}

/** The models that attempts of a range asked for or were served by, the most used first. */
export async function listUsedModels(executor: Executor, cover: Cover, limit: number): Promise<{ model: string; attemptCount: number }[]> {
  const rows = await executor.execute<{ model: string; attempt_count: string }>(sql`
    select used.model, sum(attempt_count) as attempt_count
    from (${ledgerParts(cover)}) as part cross join lateral (values (part.model), (nullif(part.served_model, ''))) as used(model)
    where used.model is not null
    group by used.model having sum(attempt_count) <> 0
    order by sum(attempt_count) desc, used.model
    limit ${limit}`);
  return [...rows].map(({ model, attempt_count }) => ({ model, attemptCount: Number(attempt_count) }));
}
