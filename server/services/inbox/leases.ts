import { sql } from 'drizzle-orm';
import type { Executor } from '#db/client.ts';
import type { ClaimKey } from './types.ts';

/** Keeps claimed updates ours until `leaseUntil`. A claim that was lost meanwhile stays lost. */
export async function renewLeases(db: Executor, claims: readonly ClaimKey[], leaseUntil: Date): Promise<void> {
  if (claims.length === 0) return;
  await db.execute(sql`
    update inbox set lease_until = ${leaseUntil.toISOString()}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(claims)}::jsonb) as claim("updateId" bigint, attempts int)
    where inbox.update_id = claim."updateId" and inbox.attempts = claim.attempts and inbox.status = 'pending'`);
}

/** Frees what a killed process held. Only for a start at which no other process uses the database. */
export async function releaseAllLeases(db: Executor): Promise<void> {
  await db.execute(sql`update inbox set lease_until = null where status = 'pending' and lease_until is not null`);
}

/** Gives a claimed update back for another attempt at `availableAt`; later updates of its chat wait for it. */
export async function rescheduleUpdate(db: Executor, claim: ClaimKey, availableAt: Date): Promise<void> {
  await db.execute(sql`
    update inbox set lease_until = null, available_at = ${availableAt.toISOString()}::timestamptz
    where update_id = ${claim.updateId} and attempts = ${claim.attempts} and status = 'pending'`);
}
