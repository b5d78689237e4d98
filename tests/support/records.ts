import { sql } from 'drizzle-orm';
import type postgres from 'postgres';
import { z } from 'zod';
import { expect } from 'vitest';
import type { Executor } from '#db/client.ts';
import { seedGeneration, seedInteraction } from './seed.ts';

const SLOT_MS = 300_000;
const DAY_MS = 86_400_000;
const LONG_AGO = new Date('2024-01-01T00:00:00Z');
const Row = z.object({ oldest: z.date().nullable() });

/** The five minutes of the oldest interaction, else of the oldest attempt, as an instant; null where there are none. */
export async function readRecordsStart(client: postgres.Sql): Promise<number | null> {
  const [row] = await client`select coalesce((select min(at) from interactions), (select min(started_at) from ai_usage)) as oldest`;
  const { oldest } = Row.parse(row);
  return oldest && slotStart(oldest.getTime());
}

/** The start of the five minutes that an instant is in. */
export function slotStart(ms: number): number {
  return Math.floor(ms / SLOT_MS) * SLOT_MS;
}

/** An interaction and an attempt before any range of a test. */
export async function seedLongAgo(executor: Executor): Promise<void> {
  await executor.execute(sql`select ensure_interactions_partitions('2024-01-01', '2024-01-31')`);
  await seedInteraction(executor, { at: LONG_AGO, userId: 1 });
  await seedGeneration(executor, { startedAt: LONG_AGO, userId: null });
}

interface Comparison {
  readonly range: { readonly from: string };
  readonly comparedRange: { readonly from: string } | null;
  readonly compared: object | null;
  readonly generatedAt: string;
}

/** What a range is compared with is known exactly where the range has begun, and that not before the records. */
export function expectKnownWhereOnRecord({ range, comparedRange, compared, generatedAt }: Comparison, recordsStart: number | null): void {
  const from = comparedRange && Date.parse(comparedRange.from);
  expect(compared !== null).toBe(from !== null && recordsStart !== null && recordsStart <= from && Date.parse(range.from) < Date.parse(generatedAt));
}

/** Active users of windows that end with a compared range: null where one begins before the records. */
export function hideBeforeRecords(windows: { readonly dau: number; readonly wau: number; readonly mau: number }, windowsEnd: Date, recordsStart: number | null) {
  const known = (count: number, days: number) => (recordsStart !== null && recordsStart <= windowsEnd.getTime() - days * DAY_MS ? count : null);
  return { dau: known(windows.dau, 1), wau: known(windows.wau, 7), mau: known(windows.mau, 30) };
}
