import type { Database } from '#db/client.ts';
import type { LlmClient } from '#server/ai/types.ts';
import type { Clock } from '#server/lib/clock.ts';

/** Who tells what the provider has counted, and who is told what came of it. */
export interface DriftSource {
  readonly llm: Pick<LlmClient, 'getKey' | 'listActivity'>;
  /** The difference of the running UTC day in US dollars, as soon as it is measured. */
  readonly onMeasured: (dayDriftUsd: string) => void;
}

export interface DriftDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly source: DriftSource;
}
