import { and, eq, isNull } from 'drizzle-orm';
import { aiUsage } from '#db/schema/index.ts';
import { describeError } from '#server/errors.ts';
import type { GenerationDeps } from './types.ts';

/**
 * Keeps the provider's id of a generation as soon as it is known: should this process die before the answer came, its cost
 * can be asked for by it. Never rejects: the call goes on without.
 */
export async function noteGenerationId({ db, logger }: Pick<GenerationDeps, 'db' | 'logger'>, requestId: string, generationId: string): Promise<void> {
  try {
    await db.update(aiUsage).set({ generationId }).where(and(eq(aiUsage.requestId, requestId), isNull(aiUsage.generationId)));
  } catch (error) {
    logger.warn({ requestId, generationId, cause: describeError(error) }, 'generation id could not be kept');
  }
}
