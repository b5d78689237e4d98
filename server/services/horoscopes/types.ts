import type { GenerationDeps, GenerationResult } from '../generations/types.ts';
import type { Prompt } from '#server/ai/types.ts';
import type { Language, Plan, ZodiacSign } from '#server/contracts/vocabulary.ts';
import type { SingleFlight } from '#server/lib/single-flight.ts';

/** What one horoscope is written for. */
export interface HoroscopeKey {
  readonly sign: ZodiacSign;
  readonly language: Language;
  /** Calendar day of the reporting time zone, `YYYY-MM-DD`. */
  readonly date: string;
}

export interface StoredHoroscope {
  readonly text: string;
  readonly requestId: string;
}

export interface HoroscopeAsk extends HoroscopeKey {
  /** Whoever asks first pays: the cost is attributed to this user. */
  readonly userId: number;
  readonly plan: Plan;
  readonly updateId: number | null;
  readonly prompt: Prompt;
}

export type HoroscopeFlights = SingleFlight<GenerationResult>;

export interface HoroscopeDeps {
  readonly generations: GenerationDeps;
  /** Asks of this process that wait for the same horoscope. */
  readonly flights: HoroscopeFlights;
}
