import type postgres from 'postgres';
import type { ImportedCost } from './assess-cost.ts';
import type { IdentifiedEntry } from './types.ts';

/** A row as it will stand in the ledger; the user is still as the log names them. */
export type ImportedRow = IdentifiedEntry & ImportedCost & { readonly model: string; readonly operation: string };

/** A Telegram user id is a positive number of at most 52 bits. */
const TELEGRAM_USER_ID_PATTERN = /^\d{1,15}$/;

/**
 * Puts rows into the ledger that are not in it yet, in one statement; returns how many were new. In the order of their ids, so that
 * two imports that overlap wait for one another and never in a circle.
 */
export async function insertEntries(sql: postgres.Sql, rows: readonly ImportedRow[], importedFrom: string): Promise<number> {
  const sorted = [...rows].sort((a, b) => (a.requestId < b.requestId ? -1 : 1));
  const column = <T>(pick: (row: ImportedRow) => T) => sorted.map(pick);
  // Instants travel as text: a date of JavaScript would lose their microseconds.
  const { count } = await sql`
    insert into ai_usage (request_id, ask_id, user_id, operation, plan, model, status, prompt_tokens, completion_tokens, cost_usd, cost_source,
      disposition, started_at, imported_from)
    select t.request_id, t.request_id, users.id, t.operation, 'free', t.model, t.status, t.prompt_tokens, t.completion_tokens, t.cost_usd, t.cost_source,
      t.disposition, t.started_at::timestamptz, ${importedFrom}::text
    from unnest(
      ${column(({ requestId }) => requestId)}::uuid[], ${column(({ user }) => toTelegramUserId(user))}::bigint[],
      ${column(({ operation }) => operation)}::text[], ${column(({ model }) => model)}::text[], ${column(({ status }) => status)}::text[],
      ${column(({ promptTokens }) => promptTokens)}::int[], ${column(({ completionTokens }) => completionTokens)}::int[],
      ${column(({ costUsd }) => costUsd)}::numeric[], ${column(({ costSource }) => costSource)}::text[],
      ${column(({ disposition }) => disposition)}::text[], ${column(({ at }) => toMicroseconds(at))}::text[]
    ) as t(request_id, telegram_user_id, operation, model, status, prompt_tokens, completion_tokens, cost_usd, cost_source, disposition, started_at)
    left join users on users.telegram_user_id = t.telegram_user_id
    on conflict (request_id) do nothing`;
  return count;
}

/** How many of these rows are not in the ledger yet. */
export async function countNew(sql: postgres.Sql, rows: readonly IdentifiedEntry[]): Promise<number> {
  const [found] = await sql<{ count: number }[]>`
    select count(*)::int as count from ai_usage where request_id = any(${rows.map(({ requestId }) => requestId)}::uuid[])`;
  return rows.length - (found?.count ?? 0);
}

function toTelegramUserId(user: string | null): string | null {
  return user !== null && TELEGRAM_USER_ID_PATTERN.test(user) ? user : null;
}

/** Cut off, not rounded: no call moves into the next day. */
function toMicroseconds(at: string): string {
  return at.replace(/(\.\d{6})\d+Z$/, '$1Z');
}
