import { and, desc, eq, isNotNull } from 'drizzle-orm';
import type { Executor } from '#db/client.ts';
import { horoscopes } from '#db/schema/index.ts';
import type { Language, ZodiacSign } from '#server/contracts/vocabulary.ts';
import type { StoredHoroscope } from './types.ts';

/** The latest horoscope of a sign that was written in a language, whatever its day; null when there is none. */
export async function findLatestHoroscope(db: Executor, sign: ZodiacSign, language: Language): Promise<(StoredHoroscope & { readonly date: string }) | null> {
  const [row] = await db
    .select({ text: horoscopes.text, requestId: horoscopes.requestId, date: horoscopes.date })
    .from(horoscopes)
    .where(and(eq(horoscopes.sign, sign), eq(horoscopes.language, language), isNotNull(horoscopes.text)))
    .orderBy(desc(horoscopes.date))
    .limit(1);
  return row?.text && row.requestId ? { text: row.text, requestId: row.requestId, date: row.date } : null;
}
