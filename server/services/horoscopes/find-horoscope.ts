import { and, eq, isNotNull } from 'drizzle-orm';
import type { Executor } from '#db/client.ts';
import { horoscopes } from '#db/schema/index.ts';
import type { HoroscopeKey, StoredHoroscope } from './types.ts';

/** The horoscope of a sign, language and day if it has been written already. */
export async function findHoroscope(db: Executor, key: HoroscopeKey): Promise<StoredHoroscope | null> {
  const [row] = await db
    .select({ text: horoscopes.text, requestId: horoscopes.requestId })
    .from(horoscopes)
    .where(and(matchesKey(key), isNotNull(horoscopes.text)));
  return row?.text && row.requestId ? { text: row.text, requestId: row.requestId } : null;
}

/** Condition for the one row of a key. */
export function matchesKey(key: HoroscopeKey) {
  return and(eq(horoscopes.sign, key.sign), eq(horoscopes.language, key.language), eq(horoscopes.date, key.date));
}
