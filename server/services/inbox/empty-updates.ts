import { sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.ts';
import { CHECKOUT_ORDER, checkoutOrderOf } from './chat-of-update.ts';

export interface EmptyUpdatesInput {
  /** Whose updates; a private chat has the id of its user. */
  readonly telegramUserId: number;
  readonly at: Date;
  /** The update that asks for it, and the user under whose id it is ended should its process die before; null for none. */
  readonly running: { readonly updateId: number; readonly userId: number } | null;
}

/** Where updates stand that belong to nobody any more. */
const NO_CHAT = 0;

/**
 * Takes out of the inbox what a person sent: in their private chat, at the till, and in groups also what quotes them. The rows
 * stay, so that an update that Telegram brings again is still known; what waits is ended without being worked on. Only money that
 * is on its way is left: it must be booked, for whoever the person is then.
 */
export async function emptyUpdates(tx: Transaction, { telegramUserId, at, running }: EmptyUpdatesInput): Promise<void> {
  const isOfPerson = sql`(chat_id in (${telegramUserId}, ${checkoutOrderOf(telegramUserId)}) or (chat_id > ${CHECKOUT_ORDER} and chat_id < 0
    and jsonb_path_exists(payload, '$.** ? (@.id == $id)', jsonb_build_object('id', ${telegramUserId}::bigint))))`;
  const isMoney = sql`(payload #> '{message,successful_payment}' is not null or payload #> '{message,refunded_payment}' is not null)`;
  if (running) {
    await tx.execute(sql`
      update inbox set chat_id = ${NO_CHAT}, payload = jsonb_build_object('update_id', update_id, 'deleted_user_id', ${running.userId}::bigint)
      where update_id = ${running.updateId}`);
  }
  await tx.execute(sql`
    update inbox set chat_id = ${NO_CHAT}, payload = jsonb_build_object('update_id', update_id), status = 'done', finished_at = ${at.toISOString()}::timestamptz, lease_until = null
    where status = 'pending' and ${isOfPerson} and not ${isMoney}`);
  // Second: what ends in the meantime is found here.
  await tx.execute(sql`
    update inbox set chat_id = ${NO_CHAT}, payload = jsonb_build_object('update_id', update_id)
    where status <> 'pending' and ${isOfPerson}`);
}
