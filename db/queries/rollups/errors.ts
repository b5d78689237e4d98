import { sql, type SQL } from 'drizzle-orm';
import type { Executor } from '../../client.ts';
import type { Cover } from './cover.ts';
import { interactionParts } from './interaction-parts.ts';
import { ledgerParts } from './ledger-parts.ts';
import { isNotIn, userSetTables, type Share } from './user-sets.ts';

/** The names that are told apart; whatever else stands in a row is `other`. */
export interface KnownNames {
  readonly handlers: readonly string[];
  readonly errorTypes: readonly string[];
}

/** What failures are narrowed to, by known names or `other`; undefined: any. */
export interface ErrorFilter extends KnownNames {
  readonly handler: string | undefined;
  readonly errorType: string | undefined;
}

/** Interactions of one group; null in what the group is not by. */
export interface ErrorSums {
  readonly bucket: number | null;
  readonly handler: string | null;
  /** As it stands in the rows; empty where a failure has none. */
  readonly errorType: string | null;
  readonly interactionCount: number;
  readonly failedCount: number;
  readonly limitedCount: number;
}

const textArray = (texts: readonly string[]) => sql`${`{${texts.map((text) => `"${text}"`).join(',')}}`}::text[]`;
const nameOf = (text: SQL, known: readonly string[]) => sql`case when ${text} = any (${textArray(known)}) then ${text} else 'other' end`;
const isChosen = (name: SQL, value: string | undefined) => (value === undefined ? sql`true` : sql`${name} = ${value}`);

/** Interactions over all, per bucket, per handler, per handler and error type of failed ones, and of these per bucket. */
export async function sumErrors(executor: Executor, cover: Cover, { handlers, errorTypes, handler, errorType }: ErrorFilter): Promise<ErrorSums[]> {
  const isWanted = isChosen(nameOf(sql`error_type`, errorTypes), errorType);
  const rows = await executor.execute<{ bucket: string | null; handler: string | null; error_type: string | null; n: string | null; failed: string | null; limited: string | null }>(sql`
    select bucket, handler, error_type, sum(n) as n, sum(n) filter (where error_type is not null) as failed, sum(n) filter (where outcome = 'limited') as limited
    from (
      select bucket, handler, outcome, case when outcome = 'failed' and ${isWanted} then error_type end as error_type, interaction_count as n
      from (${interactionParts(cover)}) as part where ${isChosen(nameOf(sql`handler`, handlers), handler)}
    ) as told
    group by grouping sets ((), (bucket), (handler), (handler, error_type), (bucket, handler, error_type))
    having grouping(bucket, handler, error_type) = 7 or (sum(n) <> 0 and (grouping(error_type) = 1 or error_type is not null))`);
  return [...rows].map((row) => ({
    bucket: row.bucket === null ? null : Number(row.bucket),
    handler: row.handler,
    errorType: row.error_type,
    interactionCount: Number(row.n ?? 0),
    failedCount: Number(row.failed ?? 0),
    limitedCount: Number(row.limited ?? 0),
  }));
}

export interface UsersHit {
  /** Null: any. */
  readonly handler: string | null;
  readonly errorType: string | null;
  readonly count: number;
}

/** Sets of so many causes are much to unite: the users are shared among two statements. */
const SHARES = [0, 1].map((index): Share => ({ index, count: 2 }));

/** How many different users met a failure: over all, per handler, and per handler and error type. Groups without anybody may be missing. */
export async function countUsersHit(executor: Executor, cover: Cover, filter: ErrorFilter): Promise<UsersHit[]> {
  const shares = await Promise.all(SHARES.map((share) => countShareHit(executor, cover, filter, share)));
  const groups = Map.groupBy(shares.flat(), ({ handler, errorType }) => JSON.stringify([handler, errorType]));
  return [...groups.values()].flatMap(([first, ...others]) => (first ? [{ ...first, count: others.reduce((sum, { count }) => sum + count, first.count) }] : []));
}

async function countShareHit(executor: Executor, cover: Cover, { handlers, errorTypes, handler, errorType }: ErrorFilter, share: Share): Promise<UsersHit[]> {
  const names = sql`${nameOf(sql`split_part(key, '/', 1)`, handlers)} as handler, ${nameOf(sql`substr(key, strpos(key, '/') + 1)`, errorTypes)} as error_type`;
  const where = sql`${isChosen(sql`named.handler`, handler)} and ${isChosen(sql`named.error_type`, errorType)}`;
  const rows = await executor.execute<{ handler: string | null; error_type: string | null; count: string }>(sql`
    with ${userSetTables('failed', 'failed', [cover], share)}, merged as materialized (
      select handler, error_type, chunk, bit_or(users) as users from (select ${names}, chunk, users from failed_bits) as named where ${where}
      group by grouping sets ((handler, error_type, chunk), (handler, chunk), (chunk))
    ), rest as (
      select distinct level.handler, level.error_type, user_id from (select ${names}, user_id from failed_rest) as named
        cross join lateral (values (named.handler, named.error_type), (named.handler, null), (null, null)) as level(handler, error_type)
      where ${where}
    )
    select handler, error_type, sum(n) as count from (
      select handler, error_type, bit_count(users) as n from merged
      union all
      select c.handler, c.error_type, 1 from rest c
        left join merged b on b.handler is not distinct from c.handler and b.error_type is not distinct from c.error_type and b.chunk = (c.user_id >> 15)::int
      where ${isNotIn(sql`c.user_id`)}
    ) as counts group by handler, error_type`);
  return [...rows].map((row) => ({ handler: row.handler, errorType: row.error_type, count: Number(row.count) }));
}

/** Attempts at generations of one group; null in all three: all of them, with or without an error. */
export interface AttemptErrors {
  readonly operation: string | null;
  readonly model: string | null;
  readonly errorType: string | null;
  readonly attemptCount: number;
}

/** Attempts of a range over all, and those with an error of their own by operation, model and error type. */
export async function sumAttemptErrors(executor: Executor, cover: Cover): Promise<AttemptErrors[]> {
  const rows = await executor.execute<{ operation: string | null; model: string | null; error_type: string | null; n: string | null }>(sql`
    select operation, model, error_type, sum(attempt_count) as n from (${ledgerParts(cover)}) as part
    group by grouping sets ((), (operation, model, error_type))
    having grouping(operation) = 1 or (error_type <> '' and sum(attempt_count) <> 0)`);
  return [...rows].map((row) => ({ operation: row.operation, model: row.model, errorType: row.error_type, attemptCount: Number(row.n ?? 0) }));
}
