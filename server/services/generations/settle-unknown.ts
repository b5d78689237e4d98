import { and, eq, sql } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { aiUsage } from '#db/schema/index.ts';
import type { GenerationLookup } from '#server/ai/types.ts';
import { subtractUsd } from '#server/lib/money.ts';
import { appendDeltas } from '../budgets/append-delta.ts';
import type { ResolvedCost } from './types.ts';

type Found = Extract<GenerationLookup, { kind: 'found' }>;

/** Settles a row of unknown cost by what the provider says of it. Null when it is not unknown any more. */
export async function settleUnknown(db: Database, requestId: string, found: Found, reportingTimeZone: string): Promise<ResolvedCost | null> {
  return db.transaction(async (tx) => {
    const { usage } = found;
    const [row] = await tx
      .update(aiUsage)
      .set({
        status: 'settled',
        costUsd: found.costUsd,
        costSource: 'lookup',
        isByok: found.isByok,
        responseModel: sql`coalesce(${aiUsage.responseModel}, ${found.model})`,
        provider: sql`coalesce(${aiUsage.provider}, ${found.provider})`,
        finishReason: sql`coalesce(${aiUsage.finishReason}, ${found.finishReason})`,
        ...(usage ? { promptTokens: usage.promptTokens, completionTokens: usage.completionTokens } : {}),
        ...(usage ? { cachedPromptTokens: usage.cachedPromptTokens, reasoningTokens: usage.reasoningTokens } : {}),
        disposition: sql`coalesce(${aiUsage.disposition}, 'undelivered')`,
        nextLookupAt: null,
      })
      .where(and(eq(aiUsage.requestId, requestId), eq(aiUsage.status, 'unknown')))
      .returning();
    if (!row) return null;
    await tx.execute(appendDeltas(row, subtractUsd(found.costUsd, row.reservedUsd ?? '0'), reportingTimeZone));
    return { operation: row.operation, model: row.model, deltaUsd: found.costUsd };
  });
}
