import { z } from 'zod';
import { compareUsd, toDecimalString } from '#server/lib/money.ts';
import type { ModelListing } from './types.ts';

/** US dollars per token or request; no model comes near it. */
export const PRICE_LIMIT_USD = 1_000;

const MODEL_NAME_LENGTH_MAX = 200;

const ModelsBody = z.looseObject({ data: z.array(z.unknown()) });

const Price = z
  .string()
  .regex(/^\d+(\.\d+)?(e-?\d{1,3})?$/i, { abort: true })
  .refine((text) => compareUsd(text, String(PRICE_LIMIT_USD)) < 0)
  .transform((text) => toDecimalString(text));

const Model = z.looseObject({
  id: z.string().min(1).max(MODEL_NAME_LENGTH_MAX),
  pricing: z.looseObject({
    prompt: Price,
    completion: Price,
    request: Price.optional(),
    input_cache_read: Price.optional(),
  }),
});

/**
 * The models of a `/models` body that have a price. A model whose price is the dynamic sentinel `-1`, or that is not
 * understood, is left out. Null when the body is no list of models at all.
 */
export function parseModels(body: unknown): ModelListing[] | null {
  const parsed = ModelsBody.safeParse(body);
  if (!parsed.success) return null;
  return parsed.data.data.flatMap((entry) => {
    const model = Model.safeParse(entry);
    if (!model.success) return [];
    const { id, pricing } = model.data;
    return {
      model: id,
      promptUsd: pricing.prompt,
      completionUsd: pricing.completion,
      requestUsd: pricing.request ?? '0',
      cachedPromptUsd: pricing.input_cache_read ?? null,
    };
  });
}
