import { addUsd, parseDecimal, toDecimalString } from '#server/lib/money.ts';
import type { CatalogueModel } from './model-catalogue.ts';

/** What a generation costs; decimal strings of US dollars, `totalUsd` being the sum of the others. */
export interface GenerationPrice {
  readonly promptUsd: string;
  readonly completionUsd: string;
  readonly totalUsd: string;
}

/** Prices a generation exactly by the list. */
export function priceGeneration(model: CatalogueModel, promptTokens: number, completionTokens: number): GenerationPrice {
  const promptUsd = toDecimalString(parseDecimal(model.promptUsd).times(promptTokens));
  const completionUsd = toDecimalString(parseDecimal(model.completionUsd).times(completionTokens));
  return { promptUsd, completionUsd, totalUsd: addUsd(promptUsd, completionUsd) };
}
