import { and, isNull, sql } from 'drizzle-orm';
import type { Executor } from '#db/client.ts';
import { horoscopes } from '#db/schema/index.ts';
import { matchesKey } from './find-horoscope.ts';
import type { HoroscopeKey } from './types.ts';

/** Makes the caller the one who writes this horoscope until `until`; false when it is written or somebody else is at it. */
export async function claimHoroscope(db: Executor, key: HoroscopeKey, now: Date, until: Date): Promise<boolean> {
  const claimed = await db
    .insert(horoscopes)
    .values({ sign: key.sign, language: key.language, date: key.date, claimedUntil: until, createdAt: now })
    .onConflictDoUpdate({
      target: [horoscopes.sign, horoscopes.language, horoscopes.date],
      set: { claimedUntil: until },
      setWhere: sql`${horoscopes.text} is null and ${horoscopes.claimedUntil} <= ${now.toISOString()}::timestamptz`,
    })
    .returning({ id: horoscopes.id });
  return claimed.length > 0;
}

/** Moves the end of a claim: later while the writer is at work, to now when it gave up. */
export async function setHoroscopeClaim(db: Executor, key: HoroscopeKey, until: Date): Promise<void> {
  await db.update(horoscopes).set({ claimedUntil: until }).where(and(matchesKey(key), isNull(horoscopes.text)));
}
