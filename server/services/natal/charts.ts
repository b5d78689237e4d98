import { createHash } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Executor } from '#db/client.ts';
import { natalCharts, type NatalChart } from '#db/schema/index.ts';
import { ZODIAC_SIGNS, type Language } from '#server/contracts/vocabulary.ts';
import { invariant } from '#server/errors.ts';
import { holdUser } from '../users/hold-user.ts';
import { computePositions } from './compute-positions.ts';
import { CHART_BODIES, type BirthData, type ChartPositions } from './types.ts';

export type { NatalChart } from '#db/schema/index.ts';

const Point = z.object({ longitude: z.number(), sign: z.enum(ZODIAC_SIGNS), degree: z.number() });
const StoredPositions = z.object({
  instant: z.string(),
  isTimeKnown: z.boolean(),
  ascendant: Point.nullable(),
  bodies: z.array(Point.extend({ body: z.enum(CHART_BODIES), isRetrograde: z.boolean(), house: z.number().nullable() })),
});

export interface ChartAsk {
  readonly userId: number;
  readonly birth: BirthData;
  readonly language: Language;
  readonly at: Date;
}

/** The same for the same birth data and language, so that a chart that was paid for is found again. */
export function hashBirthData(birth: BirthData, language: Language): string {
  const parts = [birth.date, birth.time ?? 'unknown', birth.latitude, birth.longitude, birth.timeZone, language];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** The user's chart of these birth data: the stored one, or computed and stored, its text still null. */
export async function openChart(db: Executor, ask: ChartAsk): Promise<NatalChart> {
  const birthDataHash = hashBirthData(ask.birth, ask.language);
  const isTheSame = and(eq(natalCharts.userId, ask.userId), eq(natalCharts.birthDataHash, birthDataHash));
  const [existing] = await db.select().from(natalCharts).where(isTheSame);
  if (existing) return existing;
  const chart = { userId: ask.userId, birthDataHash, language: ask.language, positions: computePositions(ask.birth), createdAt: ask.at };
  const inserted = await db.transaction(async (tx) => {
    await holdUser(tx, ask.userId);
    const [row] = await tx.insert(natalCharts).values(chart).onConflictDoNothing().returning();
    return row;
  });
  if (inserted) return inserted;
  const [winner] = await db.select().from(natalCharts).where(isTheSame);
  invariant(winner, 'a conflicting chart exists');
  return winner;
}

/** The positions of a stored chart. */
export function positionsOf(chart: NatalChart): ChartPositions {
  return StoredPositions.parse(chart.positions);
}

/** Notes that the user has the interpretation. */
export async function markChartDelivered(db: Executor, chartId: number, at: Date): Promise<void> {
  await db.update(natalCharts).set({ deliveredAt: at }).where(eq(natalCharts.id, chartId));
}
