import { v7 as uuidv7 } from 'uuid';
import type { Executor } from '#db/client.ts';
import { aiUsage } from '#db/schema/index.ts';
import type { Operation, Plan } from '#server/contracts/vocabulary.ts';

export interface Reservation {
  readonly requestId: string;
  readonly startedAt: Date;
}

interface ReserveGenerationInput {
  readonly operation: Operation;
  readonly model: string;
  readonly userId: number;
  readonly plan: Plan;
  readonly updateId: number | null;
  readonly startedAt: Date;
}

/** Commits the row of an attempt before the call is made, so that no crash can hide one. */
export async function reserveGeneration(executor: Executor, input: ReserveGenerationInput): Promise<Reservation> {
  const requestId = uuidv7({ msecs: input.startedAt.getTime() });
  await executor.insert(aiUsage).values({ ...input, requestId, status: 'reserved' });
  return { requestId, startedAt: input.startedAt };
}
