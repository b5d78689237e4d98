import { z } from 'zod';
import { AppError } from '#server/errors.ts';
import type { ExchangeResult } from './exchange.ts';
import { parseJson } from './parse-answer.ts';
import type { KeyInfo } from './types.ts';

const KeyBody = z.looseObject({
  data: z.looseObject({ limit_remaining: z.number().nullish() }),
});

/**
 * Reads the answer of `GET /key`. Throws `AppError`: `unauthenticated` when the key is refused (401, 403), else
 * `unavailable`.
 */
export function readKey(result: ExchangeResult): KeyInfo {
  if (result.kind === 'failed') {
    const detail = new Error(`${result.errorType}: ${result.detail}`);
    if (result.errorType === 'unauthorized' || result.errorType === 'forbidden') {
      throw new AppError('unauthenticated', 'OpenRouter refuses the key.', detail);
    }
    throw new AppError('unavailable', 'OpenRouter does not answer.', detail);
  }
  const body = KeyBody.safeParse(parseJson(result.text));
  if (!body.success) throw new AppError('unavailable', 'OpenRouter answers something else than asked.', body.error);
  return { limitRemainingUsd: body.data.data.limit_remaining ?? null };
}
