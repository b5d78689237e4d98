import type { GenerationDeps } from '#server/services/generations/types.ts';
import type { HoroscopeFlights } from '#server/services/horoscopes/types.ts';
import type { RandomBelow } from '#server/services/tarot/draw-cards.ts';
import type { User } from '#server/services/users/types.ts';

/** What readings are made with; the bot's dependencies fit, and so do those of a past that is laid down. */
export interface ReadingDeps {
  readonly generations: GenerationDeps;
  readonly horoscopeFlights: HoroscopeFlights;
  readonly randomBelow: RandomBelow;
  readonly reportingTimeZone: string;
}

/** Who asks, when, and by which update. */
export interface ReadingAsk {
  readonly user: User;
  readonly at: Date;
  readonly updateId: number | null;
}
