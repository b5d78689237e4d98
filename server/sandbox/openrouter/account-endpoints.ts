import { createHash } from 'node:crypto';
import type { RequestHandler } from 'express';
import { isManagementKey, readKey } from './authentication.ts';
import type { StandInContext } from './context.ts';
import { sendError } from './errors.ts';
import type { JournalEntry } from './journal-entry.ts';
import { remainingUsd } from './key-limit.ts';

/** Of an account that ever bought ten credits. */
const FREE_REQUESTS_PER_DAY = 1_000;
const CREDITS_BOUGHT_USD = 1_000;

/** `GET /key`: what the key may and did spend, computed from the journal; days and weeks are UTC. */
export function answerKey(context: StandInContext): RequestHandler {
  return (req, res) => {
    const { journal, clock, keyLimitUsd } = context;
    const charged = journal.usage.charged(clock.now());
    const byok = journal.usage.byok(clock.now());
    const remaining = remainingUsd(context);
    const freeRequestCount = journal.usage.freeRequestsToday(clock.now());
    res.json({
      data: {
        label: labelKey(readKey(req.headers.authorization) ?? ''),
        limit: keyLimitUsd === null ? null : Number(keyLimitUsd),
        limit_remaining: remaining === null ? null : Number(remaining),
        limit_reset: null,
        include_byok_in_limit: false,
        usage: Number(charged.total),
        usage_daily: Number(charged.daily),
        usage_weekly: Number(charged.weekly),
        usage_monthly: Number(charged.monthly),
        byok_usage: Number(byok.total),
        byok_usage_daily: Number(byok.daily),
        byok_usage_weekly: Number(byok.weekly),
        byok_usage_monthly: Number(byok.monthly),
        is_free_tier: false,
        is_management_key: isManagementKey(req.headers.authorization),
        is_provisioning_key: isManagementKey(req.headers.authorization),
        free_model_daily_requests: {
          limit: FREE_REQUESTS_PER_DAY,
          remaining: Math.max(FREE_REQUESTS_PER_DAY - freeRequestCount, 0),
          used: freeRequestCount,
        },
        allowed_data_regions: ['global'],
        expires_at: null,
        creator_user_id: null,
        organization_id: null,
        workspace_id: null,
        rate_limit: { requests: -1, interval: '10s', note: 'This field is deprecated and safe to ignore.' },
      },
    });
  };
}

/** `GET /credits`: what the account has bought and used. */
export function answerCredits({ journal, clock }: StandInContext): RequestHandler {
  return (_req, res) => void res.json({ data: { total_credits: CREDITS_BOUGHT_USD, total_usage: Number(journal.usage.charged(clock.now()).total) } });
}

/** `GET /generation?id=`: what the journal holds of a generation; 404 when it holds nothing (yet). */
export function answerGeneration({ journal }: StandInContext): RequestHandler {
  return (req, res) => {
    const { id } = req.query;
    if (typeof id !== 'string' || id === '') return sendError(res, 400, 'Invalid request: id is required');
    const entry = journal.find(id);
    if (!entry) return sendError(res, 404, `Generation ${id} not found`);
    res.json({ data: describeGeneration(id, entry) });
  };
}

function describeGeneration(id: string, entry: JournalEntry): Record<string, unknown> {
  const totalUsd = Number(entry.costUsd);
  // With a key of one's own the account is charged the fee only, which is nothing within the allowance.
  const chargedUsd = entry.isByok ? 0 : totalUsd;
  return {
    ...NOT_USED,
    id,
    upstream_id: `chatcmpl-${hash(id).slice(0, 24)}`,
    request_id: `req-${hash(`${id} request`).slice(0, 24)}`,
    total_cost: chargedUsd,
    usage: chargedUsd,
    upstream_inference_cost: entry.isByok ? totalUsd : 0,
    created_at: entry.at,
    model: entry.model,
    provider_name: entry.provider,
    streamed: entry.isStreamed,
    cancelled: entry.isCancelled,
    latency: entry.latencyMs,
    generation_time: entry.generationTimeMs,
    finish_reason: entry.finishReason,
    native_finish_reason: entry.finishReason,
    tokens_prompt: entry.promptTokens,
    tokens_completion: entry.completionTokens,
    native_tokens_prompt: entry.promptTokens,
    native_tokens_completion: entry.completionTokens,
    native_tokens_reasoning: entry.reasoningTokens,
    is_byok: entry.isByok,
    external_user: entry.externalUser,
  };
}

/** Fields that every generation has and that say nothing of ours. */
const NOT_USED = {
  cache_discount: null,
  app_id: null,
  moderation_latency: null,
  service_tier: null,
  native_tokens_completion_images: 0,
  native_tokens_cached: 0,
  num_media_prompt: null,
  num_input_audio_prompt: null,
  num_media_completion: 0,
  num_search_results: null,
  num_fetches: null,
  web_search_engine: null,
  origin: '',
  api_type: 'completions',
  preset_id: null,
  router: null,
  provider_responses: null,
  user_agent: null,
  http_referer: null,
  data_region: 'global',
  workspace_id: null,
  session_id: null,
} as const;

function labelKey(key: string): string {
  return `${key.slice(0, 12)}...${key.slice(-3)}`;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
