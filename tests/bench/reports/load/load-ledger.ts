import { COMPLETION_TOKEN_QUANTILES, PROMPT_TOKEN_QUANTILES } from '#server/sandbox/trace-shape.ts';
import { createDice, pick, quantile } from './dice.ts';
import { personOf } from './person-of.ts';
import type { Past } from './load-people.ts';

/** Price per token in millionths of a millionth of a dollar: of the prompt, of the completion. */
const MODELS = {
  'google/gemini-2.5-flash': { weight: 80, prompt: 300_000, completion: 2_500_000 },
  'openai/gpt-4.1-mini': { weight: 12, prompt: 400_000, completion: 1_600_000 },
  'google/gemini-2.5-flash-lite': { weight: 8, prompt: 100_000, completion: 400_000 },
} as const;
const OPERATIONS = { horoscope: 35, tarot_card: 30, tarot_three_cards: 22, natal_chart: 13 };
const SOURCES = { billed: 95, lookup: 3, estimated: 2 };
const DISPOSITIONS = { delivered: 96, rejected: 2, superseded: 1.2, undelivered: 0.8 };
const REJECTIONS = { too_short: 40, wrong_language: 25, refused: 20, empty_response: 15 };
const FAILURES = { timeout: 40, provider_error: 25, rate_limited: 18, connection: 10, circuit_open: 4, invalid_response: 3 };
const VOID_SHARE = 0.02;
const UNKNOWN_SHARE = 0.001;
/** Of nobody in particular. */
const UNATTRIBUTED_SHARE = 0.005;
const MEDIAN_MS = 10_000;
const SPREAD = 0.55;
/** What is still running when the past ends. */
const RUNNING_SECONDS = 30;

const weightsOf = Object.fromEntries(Object.entries(MODELS).map(([model, { weight }]) => [model, weight]));
const priceOf = (part: 'prompt' | 'completion') =>
  `case model ${Object.entries(MODELS).map(([model, price]) => `when '${model}' then ${price[part]}`).join(' ')} end`;
/** A UUIDv7 made of an instant and a number, so that the same past has the same ids. */
const uuidOf = (at: string, n: string, salt: number) => `(
  lpad(to_hex((extract(epoch from ${at}) * 1000)::bigint), 12, '0') || '7' || substr(to_hex(hashint8extended(${n}, ${salt}) | (1::bigint << 62)), 2, 3)
  || 'a' || substr(to_hex(hashint8extended(${n}, ${salt + 1}) | (1::bigint << 62)), 2, 15))::uuid`;

/**
 * The statement that lays down the ledger of the hours from `$1` to before `$2`. Nothing is random in it but by the seed. What
 * no report reads is left empty, and a sitting is one reading in several attempts, so that ten million rows take less disk.
 */
export function ledgerStatement({ endsAt, userCount, seed }: Past): string {
  const { roll, normal } = createDice(seed);
  const dice = ['operation', 'model', 'status', 'source', 'disposition', 'failure', 'prompt', 'completion', 'cached', 'nobody', 'again']
    .map((name, index) => `${roll('n', index + 1)} as ${name}_dice`)
    .join(', ');
  // `offset 0` keeps Postgres from writing each expression out wherever it is used.
  return `
    insert into ai_usage (request_id, ask_id, user_id, operation, plan, model, status, prompt_tokens, completion_tokens, cached_prompt_tokens, reasoning_tokens,
      cost_usd, reserved_usd, cost_source, duration_ms, attempt, disposition, error_type, started_at, finished_at, lease_until)
    select ${uuidOf('started_at', 'n', 901)}, ${uuidOf('hour_at', 'sitting', 903)}, case when nobody_dice >= ${UNATTRIBUTED_SHARE} then entry.user_id end,
      operation, case when p.user_id is null then 'free' else 'premium' end, model, status, prompt, completion, cached, case when is_answered then 0 end,
      case when status = 'settled' then (prompt::bigint * ${priceOf('prompt')} + completion::bigint * ${priceOf('completion')})::numeric * 0.000000000001 end,
      case when status in ('reserved', 'unknown') then 0.003 end,
      case when status = 'settled' then ${pick('source_dice', SOURCES)} else 'none' end,
      case when status <> 'reserved' then duration_ms end,
      case when again_dice < 0.03 then 2 else 1 end,
      case status when 'settled' then disposition when 'unknown' then 'undelivered' end,
      case status when 'void' then ${pick('failure_dice', FAILURES)} when 'unknown' then 'interrupted' when 'settled' then
        case when disposition = 'rejected' then ${pick('failure_dice', REJECTIONS)} end end,
      started_at, case when status <> 'reserved' then started_at + duration_ms * interval '1 ms' end,
      case when status = 'reserved' then started_at + interval '2 minutes' end
    from (
      select *, case when is_answered then floor(prompt * case when cached_dice < 0.15 then 0.5 else 0 end)::int end as cached
      from (
        select *, case when is_answered then ${quantile(PROMPT_TOKEN_QUANTILES, 'prompt_dice')} end as prompt,
          case when is_answered then ${quantile(COMPLETION_TOKEN_QUANTILES, 'completion_dice')} end as completion
        from (
          select *, status = 'settled' as is_answered
          from (
            select n, started_at, hour_at, sitting, ${personOf({ roll, userCount })} as user_id,
              ${pick('operation_dice', OPERATIONS)} as operation, ${pick('model_dice', weightsOf)} as model,
              ${pick('disposition_dice', DISPOSITIONS)} as disposition,
              case when started_at > '${endsAt.toISOString()}'::timestamptz - interval '${RUNNING_SECONDS} seconds' and status_dice < 0.6 then 'reserved'
                when status_dice < ${VOID_SHARE} then 'void' when status_dice < ${VOID_SHARE + UNKNOWN_SHARE} then 'unknown' else 'settled' end as status,
              source_dice, failure_dice, prompt_dice, completion_dice, cached_dice, nobody_dice, again_dice,
              least(${MEDIAN_MS} * exp(${SPREAD} * bell), 300000)::int as duration_ms
            from (
              select n, started_at, hour_at, sitting, known_user_count, ${normal('n', 21)} as bell, ${dice}
              from (
                select starts_at as hour_at, index * 1000000::bigint + p as n, index * 1000000::bigint + p % sitting_count as sitting, known_user_count,
                  starts_at + floor((p + ${roll('index * 1000000::bigint + p', 20)}) * 3600000 / ledger_count)::int * interval '1 ms' as started_at
                from bench_load.hours, generate_series(0, ledger_count - 1) p where index >= $1 and index < $2 offset 0) event
              offset 0) diced
            offset 0) chosen
          ) stated
        ) counted
      offset 0) entry
    left join bench_load.paid p on p.user_id = entry.user_id and p.starts_at <= started_at and started_at < coalesce(p.refunded_at, p.ends_at)`;
}
