import { MakeTime } from 'astronomy-engine';
import { describe, expect, test } from 'vitest';
import { birthInstant } from '#server/services/natal/birth-instant.ts';
import { hashBirthData } from '#server/services/natal/charts.ts';
import { computeAscendant, computePositions, eclipticLongitude } from '#server/services/natal/compute-positions.ts';
import type { BirthData, ChartBody } from '#server/services/natal/types.ts';

const GREENWICH: BirthData = { date: '2000-01-01', time: '12:00', place: 'Greenwich', latitude: 51.48, longitude: 0, timeZone: 'UTC' };
const TOLERANCE_DEGREES = 0.1;

describe('the sky at noon of 1 January 2000, against published ephemerides', () => {
  const published: Record<ChartBody, number> = {
    sun: 280.37, moon: 223.32, mercury: 271.89, venus: 241.57, mars: 327.96,
    jupiter: 25.25, saturn: 40.4, uranus: 314.81, neptune: 303.19, pluto: 251.45,
  };
  const { bodies } = computePositions(GREENWICH);

  test.each(bodies)('$body', ({ body, longitude }) => {
    expect(Math.abs(longitude - published[body])).toBeLessThan(TOLERANCE_DEGREES);
  });

  test('Saturn alone was retrograde', () => {
    expect(bodies.filter(({ isRetrograde }) => isRetrograde).map(({ body }) => body)).toEqual(['saturn']);
  });

  test('signs and degrees follow from the longitudes', () => {
    expect(bodies.find(({ body }) => body === 'sun')).toMatchObject({ sign: 'capricorn' });
    expect(bodies.find(({ body }) => body === 'moon')).toMatchObject({ sign: 'scorpio' });
    expect(bodies.find(({ body }) => body === 'jupiter')?.degree).toBeCloseTo(25.25, 1);
  });
});

describe('the Sun enters its signs at the published equinoxes and solstices', () => {
  test.each([
    ['2000-03-20T07:35:00Z', 0],
    ['2000-06-21T01:48:00Z', 90],
    ['2024-09-22T12:44:00Z', 180],
    ['2024-12-21T09:20:00Z', 270],
    ['1975-03-21T05:57:00Z', 0],
  ])('%s', (instant, longitude) => {
    const away = eclipticLongitude('sun', MakeTime(new Date(instant))) - longitude;
    expect(Math.abs(((away + 180) % 360) - 180)).toBeLessThan(0.01);
  });
});

describe('retrograde motion', () => {
  test.each([
    ['mercury', '2024-04-10', true],
    ['mercury', '2024-06-10', false],
    ['venus', '2023-08-10', true],
    ['mars', '2025-01-10', true],
  ] as const)('%s on %s: %s', (body, date, expected) => {
    const { bodies } = computePositions({ ...GREENWICH, date });
    expect(bodies.find((position) => position.body === body)?.isRetrograde).toBe(expected);
  });
});

describe('the ascendant', () => {
  test('is where the Sun is at sunrise, and opposite at sunset', () => {
    // Greenwich, equinox of 2024: sunrise about 06:05, sunset about 18:13 UTC.
    const sun = eclipticLongitude('sun', MakeTime(new Date('2024-03-20T06:05:00Z')));
    const rising = computeAscendant(MakeTime(new Date('2024-03-20T06:05:00Z')), 51.48, 0)?.longitude ?? Number.NaN;
    const setting = computeAscendant(MakeTime(new Date('2024-03-20T18:13:00Z')), 51.48, 0)?.longitude ?? Number.NaN;
    expect(Math.abs(((rising - sun + 540) % 360) - 180)).toBeLessThan(4);
    expect(Math.abs(((setting - sun + 360) % 360) - 180)).toBeLessThan(4);
  });

  test('goes once around the zodiac in a day', () => {
    const signs = new Set<string>();
    for (let hour = 0; hour < 24; hour += 1) {
      const time = `${String(hour).padStart(2, '0')}:00`;
      signs.add(computePositions({ ...GREENWICH, time }).ascendant?.sign ?? 'none');
    }
    expect(signs.size).toBe(12);
  });

  test('and the houses are left out when the time is unknown, and near the poles', () => {
    const unknown = computePositions({ ...GREENWICH, time: null });
    expect(unknown).toMatchObject({ isTimeKnown: false, ascendant: null, instant: '2000-01-01T12:00:00.000Z' });
    expect(unknown.bodies.every(({ house }) => house === null)).toBe(true);
    expect(computePositions({ ...GREENWICH, latitude: 69 }).ascendant).toBeNull();
  });

  test('gives whole-sign houses: its own sign is the first', () => {
    const { ascendant, bodies } = computePositions(GREENWICH);
    for (const { sign, house } of bodies) {
      expect(house).toBeGreaterThanOrEqual(1);
      expect(house).toBeLessThanOrEqual(12);
      expect(house === 1).toBe(sign === ascendant?.sign);
    }
  });
});

describe('the instant of a birth', () => {
  test.each([
    ['1990-05-17', '14:30', 'Europe/Moscow', '1990-05-17T10:30:00.000Z'], // summer time of that year: UTC+4
    ['1991-05-17', '14:30', 'Europe/Moscow', '1991-05-17T11:30:00.000Z'], // decree time had ended: UTC+3
    ['2012-01-15', '12:00', 'Europe/Moscow', '2012-01-15T08:00:00.000Z'], // permanent summer time: UTC+4
    ['2020-01-15', '12:00', 'Europe/Moscow', '2020-01-15T09:00:00.000Z'],
    ['1985-07-01', '12:00', 'America/New_York', '1985-07-01T16:00:00.000Z'],
    ['1985-01-01', '12:00', 'America/New_York', '1985-01-01T17:00:00.000Z'],
    ['1943-07-01', '12:00', 'Europe/Berlin', '1943-07-01T10:00:00.000Z'],
    ['2000-01-01', null, 'Asia/Kolkata', '2000-01-01T06:30:00.000Z'],
  ])('%s %s in %s', (date, time, timeZone, expected) => {
    expect(birthInstant({ date, time, timeZone }).toISOString()).toBe(expected);
  });

  test('does not depend on the time zone of the machine', () => {
    expect(birthInstant({ date: '1990-05-17', time: '14:30', timeZone: 'UTC' }).toISOString()).toBe('1990-05-17T14:30:00.000Z');
  });
});

test('equal birth data have one hash, and any difference another', () => {
  const hash = hashBirthData(GREENWICH, 'en');
  expect(hashBirthData({ ...GREENWICH, place: 'another spelling' }, 'en')).toBe(hash);
  const others = [{ date: '2000-01-02' }, { time: null }, { time: '12:01' }, { latitude: 51.49 }, { timeZone: 'Europe/London' }];
  expect(new Set(others.map((change) => hashBirthData({ ...GREENWICH, ...change }, 'en'))).size).toBe(others.length);
  expect(hashBirthData(GREENWICH, 'ru')).not.toBe(hash);
});
