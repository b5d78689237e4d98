import fc from 'fast-check';
import type postgres from 'postgres';
import { z } from 'zod';
import type { DatabaseHandle } from '#db/client.ts';
import type { ErrorsInput, ErrorsReport } from '#server/contracts/errors.ts';
import { foldRollups } from '#server/services/rollups/fold-rollups.ts';
import { agoMs } from './range-inputs.ts';
import { seedGeneration, seedInteraction } from './seed.ts';

/** Neighbours, and one far off, whose bit lies in another row. */
const USERS = [1, 2, 40_000];

const interaction = fc.record({
  kind: fc.constant('interaction' as const),
  agoMs,
  userId: fc.constantFrom(...USERS),
  updateId: fc.option(fc.integer({ min: 1, max: 5 })),
  handler: fc.constantFrom('tarot', 'horoscope', 'other', 'chat_member', 'renamed'),
  result: fc.oneof(
    fc.constantFrom({ outcome: 'ok' as const, errorType: null }, { outcome: 'limited' as const, errorType: null }),
    fc.constantFrom('ai_failed', 'internal', 'database_failed', 'of_old', null).map((errorType) => ({ outcome: 'failed' as const, errorType })),
  ),
  durationMs: fc.nat({ max: 90_000 }),
});
const attempt = fc.record({
  kind: fc.constant('attempt' as const),
  agoMs,
  userId: fc.constantFrom(...USERS),
  updateId: fc.option(fc.integer({ min: 1, max: 5 })),
  operation: fc.constantFrom('horoscope', 'tarot_card', 'retired'),
  model: fc.constantFrom('a/b', 'c/d'),
  errorType: fc.option(fc.constantFrom('timeout', 'empty_response', 'of_old')),
});
const settle = fc.record({ kind: fc.constant('settle' as const), index: fc.nat({ max: 10 }), errorType: fc.option(fc.constant('interrupted')) });
const fold = fc.record({ kind: fc.constant('fold' as const), batch: fc.integer({ min: 1, max: 20 }) });

/** What happened, in the order in which it was written, with the rollups' upkeep in between. */
export const errorHistory = fc.array(
  fc.oneof({ arbitrary: interaction, weight: 10 }, { arbitrary: attempt, weight: 5 }, { arbitrary: settle, weight: 1 }, { arbitrary: fold, weight: 1 }),
  { maxLength: 60 },
);
export type ErrorHistory = typeof errorHistory extends fc.Arbitrary<infer T> ? T : never;

/** Lays a history down so that it ends at `now`. */
export async function layDownErrors({ db, sql }: DatabaseHandle, history: ErrorHistory, now: Date): Promise<void> {
  for (const step of history) {
    if (step.kind === 'fold') await foldRollups(db, step.batch);
    else if (step.kind === 'settle') {
      await sql`update ai_usage set error_type = ${step.errorType} where request_id = (select request_id from ai_usage order by request_id offset ${step.index} limit 1)`;
    } else {
      const { kind, agoMs: ago, ...row } = step;
      const at = new Date(now.getTime() - ago);
      if ('result' in row) {
        const { result, ...rest } = row;
        await seedInteraction(db, { at, ...rest, ...result });
      } else if (kind === 'attempt') await seedGeneration(db, { startedAt: at, ...row });
    }
  }
}

const Id = z.coerce.number();
const InteractionRow = z.object({ id: Id, at: z.date(), update_id: Id.nullable(), user_id: Id, handler: z.string(), operation: z.string().nullable(), outcome: z.string(), error_type: z.string().nullable(), duration_ms: z.number() });
type InteractionRow = z.infer<typeof InteractionRow>;
const UsageRow = z.object({ request_id: z.string(), started_at: z.date(), user_id: Id.nullable(), update_id: Id.nullable(), operation: z.string(), model: z.string(), error_type: z.string().nullable() });
type UsageRow = z.infer<typeof UsageRow>;

const HANDLERS = ['start', 'horoscope', 'tarot', 'natal', 'premium', 'delete', 'help', 'chat_member', 'other'];
const TYPES = ['ai_failed', 'ai_disabled', 'telegram_failed', 'user_blocked', 'database_failed', 'internal'];
const handlerOf = (row: InteractionRow) => (HANDLERS.includes(row.handler) ? row.handler : 'other');
const typeOf = (row: InteractionRow) => (row.error_type !== null && TYPES.includes(row.error_type) ? row.error_type : 'other');

/** Every row, from plain reads of the tables. */
export async function readErrorFacts(sql: postgres.Sql) {
  return {
    interactions: InteractionRow.array().parse([...(await sql`select * from interactions`)]),
    usage: UsageRow.array().parse([...(await sql`select * from ai_usage`)]),
  };
}
type Facts = Awaited<ReturnType<typeof readErrorFacts>>;

const between = (from: string, to: string) => (at: Date) => at.getTime() >= Date.parse(from) && at.getTime() < Date.parse(to);
const countDifferent = (rows: readonly InteractionRow[]) => new Set(rows.map((row) => row.user_id)).size;

function countInteractions(rows: readonly InteractionRow[], isHit: (row: InteractionRow) => boolean) {
  const failedCount = rows.filter(isHit).length;
  return { interactionCount: rows.length, failedCount, limitedCount: rows.filter((row) => row.outcome === 'limited').length, errorRatio: rows.length === 0 ? null : failedCount / rows.length };
}

/** Every figure of a report, counted one by one, for the buckets whose starts it told. */
export function recountErrors({ interactions, usage }: Facts, { handler, errorType }: ErrorsInput, { from, to }: ErrorsReport['range'], starts: readonly string[]) {
  const isInRange = between(from, to);
  const rows = interactions.filter((row) => isInRange(row.at) && (handler === undefined || handlerOf(row) === handler));
  const isHit = (row: InteractionRow) => row.outcome === 'failed' && (errorType === undefined || typeOf(row) === errorType);
  const failed = rows.filter(isHit);
  const attempts = usage.filter((row) => isInRange(row.started_at));
  const attemptsFailed = attempts.filter((row) => row.error_type !== null);
  return {
    total: { ...countInteractions(rows, isHit), userCount: countDifferent(failed) },
    failures: new Map([...Map.groupBy(failed, (row) => `${handlerOf(row)}/${typeOf(row)}`)].map(([key, list]) => [key, { failedCount: list.length, userCount: countDifferent(list) }])),
    handlers: new Map([...Map.groupBy(rows, handlerOf)].map(([key, list]) => [key, { ...countInteractions(list, isHit), userCount: countDifferent(list.filter(isHit)) }])),
    overTime: starts.map((start, index) => {
      const isInBucket = between(start, starts[index + 1] ?? to);
      const list = rows.filter((row) => isInBucket(row.at));
      const byKind = Map.groupBy(list.filter(isHit), (row) => `${handlerOf(row)}/${typeOf(row)}`);
      return { ...countInteractions(list, isHit), byKind: new Map([...byKind].map(([key, group]) => [key, group.length])) };
    }),
    attempts: {
      attemptCount: attempts.length,
      failedCount: attemptsFailed.length,
      errorRatio: attempts.length === 0 ? null : attemptsFailed.length / attempts.length,
      failures: new Map([...Map.groupBy(attemptsFailed, (row) => `${row.operation} ${row.model} ${row.error_type}`)].map(([key, list]) => [key, list.length])),
    },
    examples: failed
      .toSorted((a, b) => b.at.getTime() - a.at.getTime() || b.id - a.id)
      .slice(0, 20)
      .map((row) => ({
        at: row.at.toISOString(), handler: handlerOf(row), errorType: typeOf(row), operation: row.operation, userId: row.user_id, updateId: row.update_id, durationMs: row.duration_ms,
        requestId: findAttempt(row, usage),
      })),
  };
}

/** The last attempt of the same user and update while it was handled, a second more on both sides. */
function findAttempt(row: InteractionRow, usage: readonly UsageRow[]): string | null {
  const endMs = row.at.getTime();
  const candidates = usage.filter(({ started_at, user_id, update_id }) => {
    const ms = started_at.getTime();
    return user_id === row.user_id && update_id !== null && update_id === row.update_id && ms >= endMs - row.duration_ms - 1_000 && ms <= endMs + 1_000;
  });
  const [last] = candidates.toSorted((a, b) => b.started_at.getTime() - a.started_at.getTime() || (a.request_id < b.request_id ? 1 : -1));
  return last?.request_id ?? null;
}
