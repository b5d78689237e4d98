import { GrammyError } from 'grammy';

const FIRST_DELAY_MS = 500;
const DELAY_MAX_MS = 15_000;
/** Another poller has the bot: usually the previous release, for some seconds. */
const CONFLICT_DELAY_MS = 5_000;
/** A refused token does not mend itself; the owner may replace it. */
const UNAUTHORIZED_DELAY_MS = 60_000;

/** How long to wait after a failed poll or registration of a webhook; `failures` counts those in a row, from 1. */
export function pollDelayMs(error: unknown, failures: number): number {
  if (error instanceof GrammyError) {
    if (error.error_code === 429) return (error.parameters.retry_after ?? 1) * 1_000;
    if (error.error_code === 409) return CONFLICT_DELAY_MS;
    if (error.error_code === 401 || error.error_code === 404) return UNAUTHORIZED_DELAY_MS;
  }
  return Math.min(FIRST_DELAY_MS * 2 ** (failures - 1), DELAY_MAX_MS);
}
