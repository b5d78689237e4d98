import type { ZodiacSign } from '#server/contracts/vocabulary.ts';

/** The bodies of a chart, in the customary order. */
export const CHART_BODIES = [
  'sun', 'moon', 'mercury', 'venus', 'mars', 'jupiter', 'saturn', 'uranus', 'neptune', 'pluto',
] as const;
export type ChartBody = (typeof CHART_BODIES)[number];

/** A point of the ecliptic of date. */
export interface EclipticPoint {
  /** Geocentric ecliptic longitude, degrees, [0, 360). */
  readonly longitude: number;
  readonly sign: ZodiacSign;
  /** Degrees within the sign, [0, 30). */
  readonly degree: number;
}

export interface BodyPosition extends EclipticPoint {
  readonly body: ChartBody;
  readonly isRetrograde: boolean;
  /** Whole-sign house, 1 to 12; null when the ascendant is not known. */
  readonly house: number | null;
}

/** What the sky looked like at a birth. */
export interface ChartPositions {
  /** UTC, ISO 8601. */
  readonly instant: string;
  /** False: computed for noon, without ascendant and houses. */
  readonly isTimeKnown: boolean;
  readonly bodies: readonly BodyPosition[];
  /** Null without a birth time, and near the poles, where it loses its meaning. */
  readonly ascendant: EclipticPoint | null;
}

/** All that a chart is computed from. */
export interface BirthData {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  /** `HH:MM`, local; null when unknown. */
  readonly time: string | null;
  readonly place: string;
  readonly latitude: number;
  readonly longitude: number;
  /** IANA name. */
  readonly timeZone: string;
}
