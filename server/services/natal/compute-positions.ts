import {
  Body, EclipticGeoMoon, GeoVector, MakeTime, RotateVector, Rotation_EQJ_ECT, SiderealTime, SphereFromVector, SunPosition, e_tilt,
  type AstroTime,
} from 'astronomy-engine';
import { ZODIAC_SIGNS } from '#server/contracts/vocabulary.ts';
import { birthInstant } from './birth-instant.ts';
import { CHART_BODIES, type BirthData, type ChartBody, type ChartPositions, type EclipticPoint } from './types.ts';

const DEGREES_PER_SIGN = 30;
const DEGREES_PER_HOUR = 15;
/** Beyond it the ecliptic can lie along the horizon, and the ascendant jumps. */
const ASCENDANT_LATITUDE_MAX = 66;
/** Step over which the direction of motion is measured. */
const MOTION_STEP_DAYS = 1 / 24;

const PLANETS: Readonly<Record<Exclude<ChartBody, 'sun' | 'moon'>, Body>> = {
  mercury: Body.Mercury,
  venus: Body.Venus,
  mars: Body.Mars,
  jupiter: Body.Jupiter,
  saturn: Body.Saturn,
  uranus: Body.Uranus,
  neptune: Body.Neptune,
  pluto: Body.Pluto,
};

/** Positions of Sun, Moon and planets at a birth, and the ascendant when its time is known. Pure; a few milliseconds. */
export function computePositions(birth: BirthData): ChartPositions {
  const instant = birthInstant(birth);
  const time = MakeTime(instant);
  const isTimeKnown = birth.time !== null;
  const ascendant = isTimeKnown ? computeAscendant(time, birth.latitude, birth.longitude) : null;
  return {
    instant: instant.toISOString(),
    isTimeKnown,
    ascendant,
    bodies: CHART_BODIES.map((body) => {
      const longitude = eclipticLongitude(body, time);
      const point = pointAt(longitude);
      return {
        ...point,
        body,
        isRetrograde: angleBetween(longitude, eclipticLongitude(body, time.AddDays(MOTION_STEP_DAYS))) < 0,
        house: ascendant ? houseOf(point, ascendant) : null,
      };
    }),
  };
}

/** Geocentric ecliptic longitude of date, with aberration and light time, degrees. */
export function eclipticLongitude(body: ChartBody, time: AstroTime): number {
  if (body === 'sun') return SunPosition(time).elon;
  if (body === 'moon') return normalizeDegrees(EclipticGeoMoon(time).lon);
  return normalizeDegrees(SphereFromVector(RotateVector(Rotation_EQJ_ECT(time), GeoVector(PLANETS[body], time, true))).lon);
}

/** The point of the ecliptic that rises in the east; null near the poles. */
export function computeAscendant(time: AstroTime, latitude: number, longitude: number): EclipticPoint | null {
  if (Math.abs(latitude) > ASCENDANT_LATITUDE_MAX) return null;
  const localSidereal = toRadians(SiderealTime(time) * DEGREES_PER_HOUR + longitude);
  const obliquity = toRadians(e_tilt(time).tobl);
  const rising = Math.atan2(
    Math.cos(localSidereal),
    -(Math.sin(localSidereal) * Math.cos(obliquity) + Math.tan(toRadians(latitude)) * Math.sin(obliquity)),
  );
  return pointAt(normalizeDegrees((rising * 180) / Math.PI));
}

function pointAt(longitude: number): EclipticPoint {
  const index = Math.floor(longitude / DEGREES_PER_SIGN) % ZODIAC_SIGNS.length;
  return { longitude, sign: ZODIAC_SIGNS[index] ?? 'aries', degree: longitude - index * DEGREES_PER_SIGN };
}

function houseOf(point: EclipticPoint, ascendant: EclipticPoint): number {
  const signs = ZODIAC_SIGNS.indexOf(point.sign) - ZODIAC_SIGNS.indexOf(ascendant.sign);
  return ((signs + ZODIAC_SIGNS.length) % ZODIAC_SIGNS.length) + 1;
}

function normalizeDegrees(degrees: number): number {
  return ((degrees % 360) + 360) % 360;
}

/** From one longitude to another the short way, (−180, 180]. */
function angleBetween(from: number, to: number): number {
  const angle = normalizeDegrees(to - from);
  return angle > 180 ? angle - 360 : angle;
}

function toRadians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
