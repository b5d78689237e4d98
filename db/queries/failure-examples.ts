import { sql } from 'drizzle-orm';
import type { Executor } from '../client.ts';

/** A handler and an error type as they stand in the rows; an empty type is none. */
export interface FailureKind {
  readonly handler: string;
  readonly errorType: string;
}

export interface FailedInteraction extends FailureKind {
  readonly at: Date;
  readonly operation: string | null;
  readonly userId: number;
  readonly updateId: number | null;
  readonly durationMs: number;
  readonly requestId: string | null;
}

export interface FailureQuery {
  readonly from: Date;
  readonly to: Date;
  /** Which kinds there were in that time: each is looked up by the index of failures, so whatever did not fail is never read. */
  readonly kinds: readonly FailureKind[];
  readonly limit: number;
}

/** Attempts may be stamped by another clock. */
const BESIDE = sql`interval '1 second'`;

/** The newest failed interactions of some kinds in a range, each with the last attempt that it led to, where it led to one. */
export async function listFailedInteractions(executor: Executor, { from, to, kinds, limit }: FailureQuery): Promise<FailedInteraction[]> {
  const texts = (pick: (kind: FailureKind) => string) => `{${kinds.map((kind) => JSON.stringify(pick(kind))).join(',')}}`;
  const newest = (isType: ReturnType<typeof sql>) => sql`
    cross join lateral (
      select * from interactions i where i.outcome = 'failed' and i.handler = kind.handler and ${isType}
        and i.at >= ${from.toISOString()}::timestamptz and i.at < ${to.toISOString()}::timestamptz
      order by i.at desc, i.id desc limit ${limit}
    ) as i`;
  const kind = sql`unnest(${texts(({ handler }) => handler)}::text[], ${texts(({ errorType }) => errorType)}::text[]) as kind(handler, error_type)`;
  const rows = await executor.execute<{ ms: string; handler: string; error_type: string | null; operation: string | null; user_id: string; update_id: string | null; duration_ms: number; request_id: string | null }>(sql`
    with newest as materialized (
      select * from (
        select i.* from ${kind} ${newest(sql`i.error_type = kind.error_type`)} where kind.error_type <> ''
        union all
        select i.* from ${kind} ${newest(sql`i.error_type is null`)} where kind.error_type = ''
      ) as i order by at desc, id desc limit ${limit}
    )
    select extract(epoch from i.at) * 1000 as ms, i.handler, i.error_type, i.operation, i.user_id, i.update_id, i.duration_ms, u.request_id
    from newest i left join lateral (
      select request_id from ai_usage u where u.user_id = i.user_id and u.update_id = i.update_id
        and u.started_at >= i.at - i.duration_ms * interval '1 millisecond' - ${BESIDE} and u.started_at <= i.at + ${BESIDE}
      order by u.started_at desc, u.request_id desc limit 1
    ) as u on true
    order by i.at desc, i.id desc`);
  return [...rows].map((row) => ({
    at: new Date(Number(row.ms)),
    handler: row.handler,
    errorType: row.error_type ?? '',
    operation: row.operation,
    userId: Number(row.user_id),
    updateId: row.update_id === null ? null : Number(row.update_id),
    durationMs: Number(row.duration_ms),
    requestId: row.request_id,
  }));
}
