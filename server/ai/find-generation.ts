import { z } from 'zod';
import { computeBill } from './compute-bill.ts';
import type { ExchangeResult } from './exchange.ts';
import { parseJson, readText } from './json.ts';
import { readUsage } from './read-usage.ts';
import type { GenerationLookup } from './types.ts';

const Data = z.looseObject({
  total_cost: z.number(),
  upstream_inference_cost: z.number().nullish(),
  is_byok: z.boolean().nullish(),
  model: z.unknown().optional(),
  provider_name: z.unknown().optional(),
  finish_reason: z.unknown().optional(),
});
const Body = z.looseObject({ data: Data });

const FINAL_STATUSES: ReadonlySet<number | null> = new Set([400, 401, 402, 403]);

/**
 * Reads the answer of `GET /generation`. Its tokens are the native counts, which are the billed ones; the cost follows the
 * same rule as `usage.cost`. A 404 is no verdict: the record appears some time after the generation.
 */
export function readGeneration(result: ExchangeResult): GenerationLookup {
  if (result.kind === 'failed') {
    if (result.httpStatus === 404) return { kind: 'not_found' };
    return { kind: 'failed', detail: `${result.errorType}: ${result.detail}`, isFinal: FINAL_STATUSES.has(result.httpStatus) };
  }
  const body = Body.safeParse(parseJson(result.text));
  if (!body.success) return { kind: 'failed', detail: 'the body is not a generation', isFinal: false };
  const { data } = body.data;
  const { bill, problem } = computeBill({
    cost: data.total_cost,
    is_byok: data.is_byok === true,
    cost_details: { upstream_inference_cost: data.upstream_inference_cost },
  });
  if (bill?.costUsd == null) return { kind: 'failed', detail: problem ?? 'the generation has no cost', isFinal: false };
  const { usage } = readUsage({
    prompt_tokens: data['native_tokens_prompt'],
    completion_tokens: data['native_tokens_completion'],
    prompt_tokens_details: { cached_tokens: data['native_tokens_cached'] },
    completion_tokens_details: { reasoning_tokens: data['native_tokens_reasoning'] },
  });
  return {
    kind: 'found',
    costUsd: bill.costUsd,
    isByok: bill.isByok,
    model: readText(data.model),
    provider: readText(data.provider_name),
    finishReason: readText(data.finish_reason),
    usage,
  };
}
