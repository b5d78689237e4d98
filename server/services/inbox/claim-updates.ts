import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Executor } from '#db/client.ts';
import type { ClaimedUpdate } from './types.ts';

export interface ClaimOptions {
  readonly limit: number;
  readonly leaseMs: number;
  readonly now: Date;
}

const Row = z.object({
  update_id: z.coerce.number(),
  chat_id: z.coerce.number(),
  payload: z.looseObject({ update_id: z.number() }),
  attempts: z.number(),
  received_at: z.coerce.date(),
});

/** Oldest updates among which a claim looks first, so that its cost does not grow with the backlog. */
const WINDOW_UPDATES = 400;

/**
 * Takes the oldest pending update of up to `limit` chats, oldest first, and leases them. A chat with an earlier pending
 * update (running, or waiting for its next attempt) is left alone, so that no two updates of one chat run at once and
 * none overtakes. Any number of workers may claim at the same time.
 */
export async function claimUpdates(db: Executor, options: ClaimOptions): Promise<ClaimedUpdate[]> {
  const near = await claimAmong(db, options, WINDOW_UPDATES);
  // One chat may fill the whole window: then the others are looked for behind it.
  return near.length > 0 ? near : claimAmong(db, options, null);
}

async function claimAmong(db: Executor, options: ClaimOptions, windowUpdates: number | null): Promise<ClaimedUpdate[]> {
  const now = options.now.toISOString();
  const leaseUntil = new Date(options.now.getTime() + options.leaseMs).toISOString();
  const isFree = sql`status = 'pending' and available_at <= ${now}::timestamptz and (lease_until is null or lease_until < ${now}::timestamptz)`;
  const rows = await db.execute(sql`
    with candidate as materialized (
      select update_id, chat_id from inbox where ${isFree} order by update_id limit ${windowUpdates}
    ), head as materialized (
      select update_id from candidate
      where not exists (
        select from inbox earlier
        where earlier.status = 'pending' and earlier.chat_id = candidate.chat_id and earlier.update_id < candidate.update_id
      )
      order by update_id limit ${options.limit}
    ), locked as materialized (
      select update_id from inbox where update_id in (select update_id from head) and ${isFree} for update skip locked
    )
    update inbox set lease_until = ${leaseUntil}::timestamptz, attempts = attempts + 1
    from locked where inbox.update_id = locked.update_id
    returning inbox.update_id, chat_id, payload, attempts, received_at`);
  return [...rows].map(toClaimed).sort((a, b) => a.updateId - b.updateId);
}

function toClaimed(raw: unknown): ClaimedUpdate {
  const row = Row.parse(raw);
  return {
    updateId: row.update_id,
    chatId: row.chat_id,
    payload: row.payload,
    attempts: row.attempts,
    receivedAt: row.received_at,
  };
}
