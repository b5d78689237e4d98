import { z } from 'zod';
import { AppError } from '#server/errors.ts';
import { toDecimalString } from '#server/lib/money.ts';
import type { ExchangeResult } from './exchange.ts';
import { KEY_SPEND_LIMIT_USD } from './get-key.ts';
import { parseJson } from './json.ts';
import type { ActivityRow } from './types.ts';

const Amount = z.number().min(0).lt(KEY_SPEND_LIMIT_USD).transform((value) => toDecimalString(value));
const Count = z.int().min(0);
/** A day; a time of day behind it has been seen and says nothing. */
const Day = z
  .string()
  .transform((text) => text.slice(0, 10))
  .pipe(z.iso.date());

const Row = z
  .looseObject({
    date: Day,
    model: z.string().min(1),
    model_permaslug: z.string().min(1).nullish(),
    usage: Amount,
    byok_usage_inference: Amount,
    requests: Count,
    prompt_tokens: Count,
    completion_tokens: Count,
  })
  .transform(
    (row): ActivityRow => ({
      date: row.date,
      model: row.model,
      permanentModel: row.model_permaslug ?? row.model,
      usageUsd: row.usage,
      byokUsd: row.byok_usage_inference,
      requestCount: row.requests,
      promptTokens: row.prompt_tokens,
      completionTokens: row.completion_tokens,
    }),
  );
const Body = z.looseObject({ data: z.array(Row) });

/**
 * Reads the answer of `GET /activity`. One row that cannot be trusted spoils all: a sum that lacks it would be a lie.
 * Throws `AppError`: `unauthenticated` when the management key is refused (401, 403), else `unavailable`.
 */
export function readActivity(result: ExchangeResult): ActivityRow[] {
  if (result.kind === 'failed') {
    const detail = new Error(`${result.errorType}: ${result.detail}`);
    if (result.errorType === 'unauthorized' || result.errorType === 'forbidden') {
      throw new AppError('unauthenticated', 'OpenRouter refuses the management key.', detail);
    }
    throw new AppError('unavailable', 'OpenRouter does not tell its activity now.', detail);
  }
  const body = Body.safeParse(parseJson(result.text));
  if (!body.success) throw new AppError('unavailable', 'OpenRouter answers something else than its activity.', body.error);
  return body.data.data;
}
