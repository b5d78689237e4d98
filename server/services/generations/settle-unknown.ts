import { eq, sql } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { aiUsage } from '#db/schema/index.ts';
import type { GenerationLookup } from '#server/ai/types.ts';
import { subtractUsd } from '#server/lib/money.ts';
import { appendDeltas } from '../budgets/append-delta.ts';
import type { ResolvedCost } from './types.ts';

type Found = Extract<GenerationLookup, { kind: 'found' }>;

export interface SettleUnknownInput {
  readonly requestId: string;
  /** What the provider says of it. */
  readonly found: Found;
  readonly at: Date;
  readonly reportingTimeZone: string;
  /** Who learned of it; none unless given. */
  readonly processId?: number | undefined;
}

/** Settles a row of unknown cost by what the provider says of it. Null when it is not unknown any more. */
export async function settleUnknown(db: Database, { requestId, found, at, reportingTimeZone, processId }: SettleUnknownInput): Promise<ResolvedCost | null> {
  return db.transaction(async (tx) => {
    const { usage } = found;
    const [before] = await tx.select().from(aiUsage).where(eq(aiUsage.requestId, requestId)).for('update');
    if (before?.status !== 'unknown') return null;
    // What an unpriced or a failed answer told of its tokens was counted when it ended.
    const deltaPromptTokens = usage ? usage.promptTokens - (before.promptTokens ?? 0) : 0;
    const deltaCompletionTokens = usage ? usage.completionTokens - (before.completionTokens ?? 0) : 0;
    await tx
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
        resolvedAt: at,
        resolvedByProcessId: processId ?? null,
        resolvedPromptTokens: deltaPromptTokens,
        resolvedCompletionTokens: deltaCompletionTokens,
      })
      .where(eq(aiUsage.requestId, requestId));
    await tx.execute(appendDeltas(before, subtractUsd(found.costUsd, before.reservedUsd ?? '0'), reportingTimeZone));
    return { operation: before.operation, model: before.model, deltaUsd: found.costUsd, deltaPromptTokens, deltaCompletionTokens };
  });
}
