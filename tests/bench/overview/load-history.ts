import type { DatabaseHandle } from '#db/client.ts';
import { foldRollups } from '#server/services/rollups/fold-rollups.ts';

export const LEDGER_ROW_COUNT = 100_000;
export const INTERACTION_COUNT = 200_000;
const USER_COUNT = 5_000;
const PAYMENT_COUNT = 400;

/** Lays down thirty days of use in bulk, by SQL alone: users, interactions, the ledger and payments; then rollups, as the server folds them, and statistics, as autovacuum keeps them. */
export async function loadHistory({ db, sql }: DatabaseHandle): Promise<void> {
  await sql`set statement_timeout = 0`;
  await sql`select setseed(0.5)`;
  await sql`select ensure_interactions_partitions(now() - interval '31 days', now())`;
  await sql`
    insert into users (telegram_user_id, language, created_at, last_active_at)
    select 7000000000 + n, 'en', now() - interval '60 days', now() from generate_series(1, ${USER_COUNT}::int) n`;
  await sql`
    insert into interactions (at, user_id, handler, operation, outcome, error_type, duration_ms, update_age_ms)
    select at, user_id, 'tarot', case when is_reading then 'tarot_card' end, case when is_failed then 'failed' else 'ok' end,
      case when is_failed then 'ai_failed' end, duration_ms, duration_ms + 200
    from (
      select now() - n * interval '30 days' / ${INTERACTION_COUNT}::int as at, (1 + floor(random() ^ 2 * ${USER_COUNT}::int))::bigint as user_id,
        random() < 0.5 as is_reading, random() < 0.02 as is_failed, (50 + 4000 * random() ^ 3)::int as duration_ms
      from generate_series(1, ${INTERACTION_COUNT}::int - 1) n) past`;
  await loadLedger(sql);
  await sql`
    insert into payments (telegram_payment_charge_id, user_id, plan, stars, value_usd, paid_at, period_ends_at)
    select 'bench-' || n, n * 3, 'premium', 250, 3.25, paid_at, paid_at + interval '30 days'
    from (select n, now() - n * interval '45 days' / ${PAYMENT_COUNT}::int as paid_at from generate_series(1, ${PAYMENT_COUNT}::int) n) past`;
  await foldRollups(db);
  await sql`vacuum (analyze)`;
}

async function loadLedger(sql: DatabaseHandle['sql']): Promise<void> {
  await sql`
    insert into ai_usage (request_id, user_id, operation, plan, model, status, prompt_tokens, completion_tokens, cached_prompt_tokens,
      reasoning_tokens, cost_usd, cost_source, generation_id, duration_ms, disposition, error_type, started_at, finished_at)
    select uuidv7(started_at - now()), user_id, operations[operation_index], 'free', 'google/gemini-2.5-flash', status,
      prompt_tokens, completion_tokens, 0, 0, case when status = 'settled' then (prompt_tokens * 3 + completion_tokens * 25) / 1e7::numeric end,
      case when status = 'settled' then (case when cost_dice < 0.97 then 'billed' else 'estimated' end) else 'none' end,
      'gen-' || n, duration_ms, 'delivered', case when status = 'void' then 'timeout' end, started_at, started_at + duration_ms * interval '1 ms'
    from (
      select n, now() - n * interval '30 days' / ${LEDGER_ROW_COUNT}::int as started_at, (1 + floor(random() ^ 2 * ${USER_COUNT}::int))::bigint as user_id,
        array['horoscope', 'tarot_card', 'tarot_three_cards', 'natal_chart'] as operations, 1 + floor(random() * 4)::int as operation_index,
        case when random() < 0.98 then 'settled' else 'void' end as status, (300 + 900 * random())::int as prompt_tokens,
        (200 + 900 * random())::int as completion_tokens, random() as cost_dice, (800 + 20000 * random() ^ 3)::int as duration_ms
      from generate_series(1, ${LEDGER_ROW_COUNT}::int - 1) n) past`;
}
