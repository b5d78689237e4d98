import type postgres from 'postgres';
import { v7 as uuidv7 } from 'uuid';

const MODEL = 'google/gemini-2.5-flash';
const USER_COUNT = 20_000;
const OPERATIONS = ['horoscope', 'tarot_card', 'tarot_three_cards', 'natal_chart'];

/** Transactions of one reading. */
export const TRANSACTIONS_PER_READING = 4;

/** One reading as the product writes it, a transaction each: reserved, settled, delivered, and the update that asked for it. No budget is kept. */
export async function writeReading(sql: postgres.Sql, index: number): Promise<void> {
  const [requestId, at] = [uuidv7(), new Date()];
  const userId = 1 + ((index * 7_919) % USER_COUNT);
  const operation = OPERATIONS[index % OPERATIONS.length] ?? 'horoscope';
  const attempt = {
    request_id: requestId, ask_id: uuidv7(), attempt: 1, operation, plan: 'free', user_id: userId, started_at: at.toISOString(), model: MODEL,
    reserved_usd: '0.003', lease_until: new Date(at.getTime() + 120_000).toISOString(),
  };
  await sql`select reserve_generations('[]', ${JSON.stringify([attempt])}::text::jsonb, '[]')`;
  const entry = {
    request_id: requestId, status: 'settled', cost_usd: '0.001104', cost_source: 'billed', disposition: 'undelivered', response_model: MODEL,
    provider: 'Google', finish_reason: 'stop', generation_id: `gen-${requestId}`, duration_ms: 2_000 + ((index * 104_729) % 20_000),
    time_to_first_token_ms: 400, is_byok: false, prompt_tokens: 180, completion_tokens: 420, cached_prompt_tokens: 0, reasoning_tokens: 0,
    finished_at: new Date().toISOString(), day_date: '2026-01-01', week_date: '2026-01-01', month_date: '2026-01-01',
  };
  await sql`select settle_generation(${JSON.stringify(entry)}::text::jsonb)`;
  await sql`update ai_usage set disposition = 'delivered' where request_id = ${requestId} and disposition = 'undelivered'`;
  await sql`insert into interactions (at, update_id, user_id, handler, operation, outcome, reading_source, duration_ms, update_age_ms)
    values (${new Date()}, ${index}, ${userId}, 'tarot', ${operation}, 'ok', 'model', 2500, 2700)`;
}
