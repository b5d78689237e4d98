import type postgres from 'postgres';
import { z } from 'zod';
import { expect } from 'vitest';
import type { Executor } from '#db/client.ts';
import { seedGeneration } from './seed.ts';

const SLOT_MS = 300_000;
const DAY_MS = 86_400_000;
const Row = z.object({ oldest: z.date().nullable() });

/** The five minutes of the oldest attempt or interaction, as an instant; null where there are none. */
export async function readRecordsStart(sql: postgres.Sql): Promise<number | null> {
  const [row] = await sql`select least((select min(started_at) from ai_usage), (select min(at) from interactions)) as oldest`;
  const { oldest } = Row.parse(row);
  return oldest && slotStart(oldest.getTime());
}

/** The start of the five minutes that an instant is in. */
export function slotStart(ms: number): number {
  return Math.floor(ms / SLOT_MS) * SLOT_MS;
}

/** An attempt of nobody, before any range of a test. */
export async function seedLongAgo(executor: Executor): Promise<void> {
  await seedGeneration(executor, { startedAt: new Date('2024-01-01T00:00:00Z'), userId: null });
}

/** What a range is compared with is known where it begins within the records, and not known where it ended before them. */
export function expectKnownWhereOnRecord({ comparedRange, compared }: { comparedRange: { from: string; to: string } | null; compared: object | null }, recordsStart: number | null): void {
  if (comparedRange === null) return expect(compared).toBeNull();
  if (recordsStart === null || recordsStart >= Date.parse(comparedRange.to)) expect(compared).toBeNull();
  else if (recordsStart <= Date.parse(comparedRange.from)) expect(compared).not.toBeNull();
}

/** Active users of windows that end with a compared range: null where one begins before the records. */
export function hideBeforeRecords(windows: { readonly dau: number; readonly wau: number; readonly mau: number }, windowsEnd: Date, recordsStart: number | null) {
  const known = (count: number, days: number) => (recordsStart !== null && recordsStart <= windowsEnd.getTime() - days * DAY_MS ? count : null);
  return { dau: known(windows.dau, 1), wau: known(windows.wau, 7), mau: known(windows.mau, 30) };
}
