import { eq } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { aiCostCorrections, aiUsage, type AiUsage } from '#db/schema/index.ts';
import { compareUsd, subtractUsd } from '#server/lib/money.ts';
import { appendDeltas } from '../budgets/append-delta.ts';
import type { ResolvedCost } from './types.ts';

export interface CostCorrection {
  readonly requestId: string;
  readonly costUsd: string;
  readonly source: 'billed' | 'lookup';
  readonly at: Date;
  readonly reportingTimeZone: string;
  /** Who learned of it; none unless given. */
  readonly processId?: number | undefined;
}

/**
 * Corrects the cost of a settled row: the change is a row of its own, and every total follows in the same transaction.
 * The same cost told again by the same source changes nothing. Null when nothing changed or the row is not settled.
 */
export async function correctCost(db: Database, correction: CostCorrection): Promise<ResolvedCost | null> {
  return db.transaction(async (tx) => {
    const [row] = await tx.select().from(aiUsage).where(eq(aiUsage.requestId, correction.requestId)).for('update');
    if (!row || !isCorrectable(row) || isTold(row, correction)) return null;
    const { requestId, costUsd, source, at, processId } = correction;
    await tx.insert(aiCostCorrections).values({ requestId, oldCostUsd: row.costUsd, newCostUsd: costUsd, oldSource: row.costSource, newSource: source, at, processId });
    const deltaUsd = subtractUsd(costUsd, row.costUsd);
    await tx.update(aiUsage).set({ costUsd, costSource: source }).where(eq(aiUsage.requestId, requestId));
    await tx.execute(appendDeltas(row, deltaUsd, correction.reportingTimeZone));
    return { operation: row.operation, model: row.model, deltaUsd, deltaPromptTokens: 0, deltaCompletionTokens: 0 };
  });
}

type Settled = AiUsage & { readonly costUsd: string; readonly costSource: 'billed' | 'lookup' | 'estimated' };

function isCorrectable(row: AiUsage): row is Settled {
  return row.status === 'settled' && row.costUsd !== null && row.costSource !== 'none';
}

function isTold(row: Settled, { costUsd, source }: CostCorrection): boolean {
  return row.costSource === source && compareUsd(row.costUsd, costUsd) === 0;
}
