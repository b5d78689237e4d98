import type { ModelPrice } from '#db/schema/index.ts';
import type { Price } from '#server/contracts/prices.ts';

/** A price on record as reports tell it. */
export function toPrice({ validFrom, promptUsd, completionUsd, requestUsd, cachedPromptUsd }: ModelPrice): Price {
  return { validFrom: validFrom.toISOString(), promptUsd, completionUsd, requestUsd, cachedPromptUsd };
}
