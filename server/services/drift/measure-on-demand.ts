import { and, eq, gt, sql } from 'drizzle-orm';
import { auditLog } from '#db/schema/index.ts';
import { AppError } from '#server/errors.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { DriftDeps } from './deps.ts';
import { measureDrift } from './measure-drift.ts';

/** Between two measurements that admins ask for, in whichever processes. */
export const DEMAND_INTERVAL_MS = 10_000;

const ACTION = 'drift.measure';
const SUBJECT = 'drift';

/**
 * Measures because an admin asks for it, which is noted whatever comes of it. Throws `AppError`: `conflict` without
 * OpenRouter, `too_many_requests` within ten seconds of the last one, and what `measureDrift` throws.
 */
export async function measureOnDemand({ source, ...deps }: Omit<DriftDeps, 'source'> & { readonly source: DriftDeps['source'] | null }, adminId: number): Promise<void> {
  if (!source) throw new AppError('conflict', 'OpenRouter is not configured, so there is nothing to compare with.');
  await takeTurn(deps, adminId);
  await measureDrift({ ...deps, source });
}

/** Counted in Postgres under a lock, so that replicas share the limit. */
async function takeTurn({ db, clock }: Omit<DriftDeps, 'source'>, adminId: number): Promise<void> {
  const at = clock.now();
  await db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${ACTION}, 0))`);
    const since = new Date(at.getTime() - DEMAND_INTERVAL_MS);
    const lately = await tx.$count(auditLog, and(eq(auditLog.subject, SUBJECT), eq(auditLog.action, ACTION), gt(auditLog.at, since)));
    if (lately > 0) throw new AppError('too_many_requests', 'Measured a moment ago. Try again in ten seconds.');
    await recordAudit(tx, { at, adminId, action: ACTION, subject: SUBJECT, details: {} });
  });
}
