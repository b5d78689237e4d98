import { horoscopePrompt } from '#server/ai/prompts/horoscope.ts';
import type { ZodiacSign } from '#server/contracts/vocabulary.ts';
import { localDate } from '#server/lib/time-buckets.ts';
import type { GenerationResult } from '#server/services/generations/types.ts';
import { findHoroscope } from '#server/services/horoscopes/find-horoscope.ts';
import { getHoroscope } from '#server/services/horoscopes/get-horoscope.ts';
import type { HoroscopeKey, StoredHoroscope } from '#server/services/horoscopes/types.ts';
import { planOf } from '#server/services/users/types.ts';
import type { ReadingAsk, ReadingDeps } from './types.ts';

export interface HoroscopeReadingAsk extends ReadingAsk {
  readonly sign: ZodiacSign;
}

/** Which horoscope an ask means. */
export function horoscopeKeyOf(deps: ReadingDeps, ask: HoroscopeReadingAsk): HoroscopeKey {
  return { sign: ask.sign, language: ask.user.language, date: localDate(ask.at, deps.reportingTimeZone) };
}

/** The horoscope when it is written already; costs one query. */
export function findHoroscopeReading(deps: ReadingDeps, ask: HoroscopeReadingAsk): Promise<StoredHoroscope | null> {
  return findHoroscope(deps.generations.db, horoscopeKeyOf(deps, ask));
}

/** The horoscope of the day of the ask; written by a model if nobody asked before. */
export function horoscopeReading(deps: ReadingDeps, ask: HoroscopeReadingAsk): Promise<GenerationResult> {
  const key = horoscopeKeyOf(deps, ask);
  return getHoroscope(
    { generations: deps.generations, flights: deps.horoscopeFlights },
    {
      ...key,
      userId: ask.user.id,
      plan: planOf(ask.user, ask.at),
      updateId: ask.updateId,
      prompt: horoscopePrompt(key.language, key),
    },
  );
}
