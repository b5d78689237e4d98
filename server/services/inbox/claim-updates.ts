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

/**
 * Takes the oldest pending update of up to `limit` chats, oldest first, and leases them. A chat with an earlier pending
 * update (running, or waiting for its next attempt) is left alone, so that no two updates of one chat run at once and
 * none overtakes. Any number of workers may claim at the same time.
 */
export async function claimUpdates(db: Executor, options: ClaimOptions): Promise<ClaimedUpdate[]> {
  const now = options.now.toISOString();
  const leaseUntil = new Date(options.now.getTime() + options.leaseMs).toISOString();
  const rows = await db.execute(sql`
    update inbox set lease_until = ${leaseUntil}::timestamptz, attempts = attempts + 1
    where update_id = any(array(
      select head.update_id from inbox head
      where head.status = 'pending' and head.available_at <= ${now}::timestamptz
        and (head.lease_until is null or head.lease_until < ${now}::timestamptz)
        and not exists (
          select from inbox earlier
          where earlier.status = 'pending' and earlier.chat_id = head.chat_id and earlier.update_id < head.update_id
        )
      order by head.update_id
      limit ${options.limit}
      for update skip locked
    ))
    returning update_id, chat_id, payload, attempts, received_at`);
  return [...rows]
    .map((raw) => {
      const row = Row.parse(raw);
      return {
        updateId: row.update_id,
        chatId: row.chat_id,
        payload: row.payload,
        attempts: row.attempts,
        receivedAt: row.received_at,
      };
    })
    .sort((a, b) => a.updateId - b.updateId);
}
