import type { Language, ZodiacSign } from '#server/contracts/vocabulary.ts';
import { zodiacSignOf } from '#server/contracts/zodiac.ts';
import { createRandom, pick, type Random } from '../random.ts';
import type { Person } from '../telegram/control-schemas.ts';
import { FIRST_NAMES, PLACES } from './words.ts';

/** What somebody comes for. */
export const HABITS = ['horoscope', 'tarot', 'natal', 'mixed', 'lapsed'] as const;
export type Habit = (typeof HABITS)[number];

/** One simulated person: who they are, why they come, and what they answer about themselves. */
export interface CrowdMember {
  readonly person: Person;
  readonly language: Language;
  readonly habit: Habit;
  /** How often this person comes, relative to the others. */
  readonly weight: number;
  readonly birthDate: { readonly year: number; readonly month: number; readonly day: number };
  readonly sign: ZodiacSign;
  readonly birthTime: { readonly hour: number; readonly minute: number };
  readonly birthPlace: string;
}

/** Telegram ids of the crowd start here, beyond 32 bits as new real ids are. */
export const CROWD_PERSON_ID_BASE = 7_000_000_000;

/** Of ten people four come for horoscopes, three for tarot; shares add up to 1. */
const HABIT_SHARES: Readonly<Record<Habit, number>> = { horoscope: 0.4, tarot: 0.3, natal: 0.1, mixed: 0.1, lapsed: 0.1 };
const RUSSIAN_SHARE = 0.6;
/** Telegram sends what the client is set to, also languages that the bot does not speak. */
const OTHER_LANGUAGE_CODES = ['de', 'uk', 'en-gb'];
const OTHER_LANGUAGE_SHARE = 0.06;
/** Somebody who lapsed comes this much more rarely than a regular. */
const LAPSED_WEIGHT = 0.1;

/** The people of a seed; the first N are the same whatever the count. */
export function createPeople(seed: number, count: number): CrowdMember[] {
  return Array.from({ length: count }, (_, index) => createMember(index, createRandom(`${seed}/person/${index}`)));
}

function createMember(index: number, random: Random): CrowdMember {
  const language: Language = random() < RUSSIAN_SHARE ? 'ru' : 'en';
  const habit = pickHabit(random());
  const languageCode =
    language === 'en' && random() < OTHER_LANGUAGE_SHARE / (1 - RUSSIAN_SHARE) ? pick(random, OTHER_LANGUAGE_CODES) : language;
  const person = { id: CROWD_PERSON_ID_BASE + index, firstName: pick(random, FIRST_NAMES[language]), languageCode };
  const weight = habit === 'lapsed' ? LAPSED_WEIGHT : 0.5 + random();
  const birthDate = { year: whole(random, 1955, 2008), month: whole(random, 1, 12), day: whole(random, 1, 28) };
  return {
    person,
    language,
    habit,
    weight,
    birthDate,
    sign: zodiacSignOf(formatIsoDate(birthDate)),
    birthTime: { hour: whole(random, 0, 23), minute: whole(random, 0, 59) },
    birthPlace: pick(random, PLACES[language]),
  };
}

/** The habit at a share (0 to 1) of the crowd. */
function pickHabit(share: number): Habit {
  let sum = 0;
  return HABITS.find((habit) => share < (sum += HABIT_SHARES[habit])) ?? 'mixed';
}

function whole(random: Random, min: number, max: number): number {
  return min + Math.floor(random() * (max - min + 1));
}

/** As `YYYY-MM-DD`. */
export function formatIsoDate({ year, month, day }: CrowdMember['birthDate']): string {
  return [year, String(month).padStart(2, '0'), String(day).padStart(2, '0')].join('-');
}
