import type { ChatRequest } from './chat-request.ts';
import { buildError } from './errors.ts';
import type { BodyFault } from './fault-queue.ts';
import type { Generation } from './plan-generation.ts';

/** A choice of a completion; `error` stands beside partial content when the provider broke down. */
export interface CompletionChoice {
  readonly index: number;
  readonly logprobs: null;
  readonly finish_reason: string | null;
  readonly native_finish_reason: string | null;
  readonly message: { readonly role: 'assistant'; readonly content: string | null; readonly refusal: null; readonly reasoning: null };
  readonly error?: unknown;
}

/** What a completion says: its body's varying parts, and what is true of it whatever the body says. */
export interface Completion {
  /** Null: the whole body is an error. */
  readonly choices: readonly CompletionChoice[] | null;
  readonly usage: unknown;
  readonly isByok: boolean;
  readonly isBilled: boolean;
}

/** The completion of a generation, altered as the fault demands. */
export function buildCompletion(generation: Generation, fault: BodyFault | null): Completion {
  const usage = buildUsage(generation, fault);
  const answer = { choices: [buildChoice(generation.text, generation.finishReason)], usage, isByok: fault === 'byok', isBilled: true };
  switch (fault) {
    case 'error_in_200':
      return { choices: null, usage: undefined, isByok: false, isBilled: false };
    case 'choice_error': {
      const half = generation.text.slice(0, Math.ceil(generation.text.length / 2));
      return {
        choices: [{ ...buildChoice(half, 'error'), error: buildError(502).error }],
        usage: freeUsage(generation),
        isByok: false,
        isBilled: false,
      };
    }
    case 'empty_choices':
      return { choices: [], usage: freeUsage(generation), isByok: false, isBilled: false };
    case 'empty_content':
      return { ...answer, choices: [buildChoice('', 'length')] };
    case 'short_content':
      return { ...answer, choices: [buildChoice('Ok.', 'stop')] };
    case 'foreign_content':
      return { ...answer, choices: [buildChoice(inOtherScript(generation.text), 'stop')] };
    case 'content_filter':
      return { ...answer, choices: [buildChoice(generation.text, 'content_filter')] };
    default:
      return answer;
  }
}

const OTHER_SCRIPT = { cyrillic: 'Звёзды сегодня говорят на другом языке, чем вы просили, и это слышно в каждом слове.', latin: 'The stars speak another language today than the one you asked for, and every word shows it.' };

function inOtherScript(text: string): string {
  return /\p{Script=Cyrillic}/u.test(text) ? OTHER_SCRIPT.latin : OTHER_SCRIPT.cyrillic;
}

/** The body as JSON is made of it. */
export function buildCompletionBody(request: ChatRequest, generation: Generation, completion: Completion): Record<string, unknown> {
  if (completion.choices === null) return { ...buildError(502) };
  return {
    id: generation.id,
    object: 'chat.completion',
    created: generation.createdAtSeconds,
    model: request.model.id,
    provider: generation.provider,
    system_fingerprint: null,
    service_tier: null,
    choices: completion.choices,
    ...(completion.usage === undefined ? {} : { usage: completion.usage }),
  };
}

function buildChoice(content: string, finishReason: string): CompletionChoice {
  return {
    index: 0,
    logprobs: null,
    finish_reason: finishReason,
    native_finish_reason: finishReason,
    message: { role: 'assistant', content, refusal: null, reasoning: null },
  };
}

function buildUsage(generation: Generation, fault: BodyFault | null): unknown {
  const usage = usageOf(generation);
  const { cost, ...usageWithoutCost } = usage;
  switch (fault) {
    case 'missing_usage':
      return undefined;
    case 'missing_cost': {
      const { cost_details: _details, ...rest } = usageWithoutCost;
      return rest;
    }
    case 'byok':
      return { ...usage, cost: 0, is_byok: true };
    case 'negative_usage':
      return {
        ...usage,
        prompt_tokens: -usage.prompt_tokens,
        completion_tokens: -usage.completion_tokens,
        cost: -Math.max(cost, Number.MIN_VALUE),
      };
    case 'string_usage':
      return {
        ...usage,
        prompt_tokens: String(usage.prompt_tokens),
        completion_tokens: String(usage.completion_tokens),
        cost: String(cost),
      };
    case 'huge_usage':
      return { ...usage, prompt_tokens: 1e308, completion_tokens: 1e308, total_tokens: 1e308, cost: 1e308 };
    case 'null_usage':
      return { ...usage, prompt_tokens: null, completion_tokens: null, total_tokens: null, cost: null, cost_details: null };
    default:
      return usage;
  }
}

function usageOf({ promptTokens, completionTokens, reasoningTokens, price }: Generation) {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    cost: Number(price.totalUsd),
    is_byok: false,
    prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 0, audio_tokens: 0, video_tokens: 0 },
    // Filled although the key is not one's own, and the same money as `cost`: whoever adds the two counts it twice.
    cost_details: {
      upstream_inference_cost: Number(price.totalUsd),
      upstream_inference_prompt_cost: Number(price.promptUsd),
      upstream_inference_completions_cost: Number(price.completionUsd),
    },
    completion_tokens_details: { reasoning_tokens: reasoningTokens, image_tokens: 0, audio_tokens: 0 },
  };
}

/** Zero completion insurance: what brought no output is not billed. */
function freeUsage(generation: Generation): unknown {
  const details = { upstream_inference_cost: 0, upstream_inference_prompt_cost: 0, upstream_inference_completions_cost: 0 };
  return { ...usageOf(generation), cost: 0, cost_details: details };
}
