import { compareUsd, subtractUsd } from '#server/lib/money.ts';
import type { StandInContext } from './context.ts';

/** What is left under the key's limit, in decimal US dollars; null without a limit. */
export function remainingUsd({ keyLimitUsd, journal, clock }: StandInContext): string | null {
  return keyLimitUsd === null ? null : subtractUsd(keyLimitUsd, journal.usage.charged(clock.now()).total);
}

/** Whether the key's limit is used up. */
export function isOutOfCredit(context: StandInContext): boolean {
  const remaining = remainingUsd(context);
  return remaining !== null && compareUsd(remaining, '0') <= 0;
}
