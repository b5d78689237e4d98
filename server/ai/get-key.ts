import { z } from 'zod';
import { AppError } from '#server/errors.ts';
import { toDecimalString } from '#server/lib/money.ts';
import type { ExchangeResult } from './exchange.ts';
import { isRecord, parseJson } from './json.ts';
import type { KeyInfo, KeySpend } from './types.ts';

/** No key has spent this much (in US dollars), and the ledger could not hold it; an amount that large is garbage. */
export const KEY_SPEND_LIMIT_USD = 10_000_000;

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
  const { data } = body.data;
  return { limitRemainingUsd: data.limit_remaining ?? null, charged: readSpend(data, 'usage'), byok: readSpend(data, 'byok_usage') };
}

function readSpend(data: unknown, name: 'usage' | 'byok_usage'): KeySpend {
  return {
    totalUsd: readAmount(data, name),
    dailyUsd: readAmount(data, `${name}_daily`),
    weeklyUsd: readAmount(data, `${name}_weekly`),
    monthlyUsd: readAmount(data, `${name}_monthly`),
  };
}

/** An amount that is missing or absurd is null, never 0. */
function readAmount(data: unknown, name: string): string | null {
  const value = isRecord(data) ? data[name] : undefined;
  return typeof value === 'number' && value >= 0 && value < KEY_SPEND_LIMIT_USD ? toDecimalString(value) : null;
}
