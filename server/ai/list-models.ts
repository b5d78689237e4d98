import { AppError } from '#server/errors.ts';
import type { ExchangeResult } from './exchange.ts';
import { parseModels } from './parse-models.ts';
import { parseJson } from './json.ts';
import type { ModelListing } from './types.ts';

/** Reads the answer of `GET /models`. Throws `AppError` `unavailable` when it is not a list of models. */
export function readModels(result: ExchangeResult): ModelListing[] {
  if (result.kind === 'failed') throw unavailable(`${result.errorType}: ${result.detail}`);
  const listings = parseModels(parseJson(result.text));
  if (!listings) throw unavailable('the body is not a list of models');
  return listings;
}

function unavailable(detail: string): AppError {
  return new AppError('unavailable', 'OpenRouter cannot be asked for its prices now.', new Error(detail));
}
