import { z } from 'zod';
import type { IntakePort } from '#server/contracts/load-context.ts';
import { AppError, describeError } from '#server/errors.ts';
import type { Clock } from '#server/lib/clock.ts';
import type { Logger } from '#server/lib/logger.ts';
import { createSecretCheck } from '#server/lib/secret-check.ts';
import { sleep } from '#server/lib/sleep.ts';

/** Telegram waits longer, but a delivery that it gives up is one that it brings again. */
const STORE_TIMEOUT_MS = 5_000;
/** Far beyond any update; what is nested deeper could neither be written as JSON again nor read by Postgres. */
const DEPTH_MAX = 100;

/** All that is asked of an update here: the features know the rest, and what is not known yet is kept. */
const BroughtUpdate = z.looseObject({ update_id: z.int().min(0) });
type BroughtUpdate = z.infer<typeof BroughtUpdate>;

export interface WebhookIntakeDeps {
  /** Each is good, so that a new one can come into use while Telegram still sends the old one. */
  readonly secrets: readonly string[];
  /** Resolves once the updates are stored for good. */
  readonly storeUpdates: (updates: readonly BroughtUpdate[], receivedAt: Date) => Promise<unknown>;
  readonly onStored: () => void;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly storeTimeoutMs?: number;
}

/**
 * Takes updates that Telegram brings: store, then acknowledge, work later. What was stored but not acknowledged comes
 * again and is recognised by its id, by whichever process it reaches.
 */
export function createWebhookIntake(deps: WebhookIntakeDeps): IntakePort {
  const { storeUpdates, onStored, clock, logger, storeTimeoutMs = STORE_TIMEOUT_MS } = deps;

  const storeInTime = async (update: BroughtUpdate): Promise<void> => {
    const waiting = new AbortController();
    const stored = storeUpdates([update], clock.now()).then(() => true);
    const late = sleep(storeTimeoutMs, waiting.signal).then(() => false);
    const isInTime = await Promise.race([stored, late]).finally(() => waiting.abort());
    if (!isInTime) throw new Error(`not stored within ${storeTimeoutMs} ms`);
  };

  return {
    isSecret: createSecretCheck(deps.secrets),
    async store(body) {
      const update = parseUpdate(body);
      try {
        await storeInTime(update);
      } catch (error) {
        logger.warn({ updateId: update.update_id, cause: describeError(error) }, 'update could not be stored');
        throw new AppError('unavailable', 'The update cannot be stored now. Bring it again.', error);
      }
      onStored();
    },
  };
}

function parseUpdate(body: string): BroughtUpdate {
  const parsed = BroughtUpdate.safeParse(parseJson(body));
  if (!parsed.success || isDeeperThan(parsed.data, DEPTH_MAX)) throw new AppError('bad_input', 'This is not an update.');
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((child) => isDeeperThan(child, levels - 1));
}
