import { Body, EclipticGeoMoon, MakeTime, MoonPhase, SearchRiseSet, Observer } from 'astronomy-engine';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ZODIAC_SIGNS } from '#server/contracts/vocabulary.ts';
import { birthInstant } from '#server/services/natal/birth-instant.ts';
import { computeAscendant, computePositions, eclipticLongitude } from '#server/services/natal/compute-positions.ts';
import { CHART_BODIES, type BirthData } from '#server/services/natal/types.ts';

const FROM_YEAR = 1900;
const OBLIQUITY_DEGREES = 23.46;
const EARLY_DEGREES = 0.9;
const ZONES = ['UTC', 'Europe/Moscow', 'Asia/Kolkata', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Apia', 'America/St_Johns', 'Asia/Kathmandu'];
const two = (value: number) => String(value).padStart(2, '0');

const day = fc.date({ min: new Date(Date.UTC(FROM_YEAR, 0, 2)), max: new Date(Date.UTC(2030, 11, 30)), noInvalidDate: true }).map((at) => at.toISOString().slice(0, 10));
const clock = fc.tuple(fc.nat({ max: 23 }), fc.nat({ max: 59 })).map(([hour, minute]) => `${two(hour)}:${two(minute)}`);
const birthArbitrary: fc.Arbitrary<BirthData> = fc.record({
  date: day,
  time: fc.option(clock),
  place: fc.constant('somewhere'),
  latitude: fc.double({ min: -90, max: 90, noNaN: true }),
  longitude: fc.double({ min: -180, max: 180, noNaN: true }),
  timeZone: fc.constantFrom(...ZONES),
});

/** What the clocks of a zone showed at an instant, by the calendar of the platform. */
function shownIn(timeZone: string, instant: Date): string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  return format.format(instant);
}

describe('the instant of a birth', () => {
  test('is one at which the clocks of the place showed the date and time that were given, where they ever showed them', () => {
    fc.assert(
      fc.property(birthArbitrary, (birth) => {
        const instant = birthInstant(birth);
        const wanted = `${birth.date} ${birth.time ?? '12:00'}`;
        if (shownIn(birth.timeZone, instant) === wanted) return;
        // A time that was skipped: then no instant within two days shows it.
        const minutes = Array.from({ length: 2 * 2 * 24 * 60 }, (_, index) => new Date(instant.getTime() + (index - 2 * 24 * 60) * 60_000));
        expect(minutes.some((at) => shownIn(birth.timeZone, at) === wanted)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  test('before zones were agreed on follows the sun time of the place, to the second', () => {
    expect(birthInstant({ date: '1910-05-17', time: '12:00', timeZone: 'Europe/Moscow' }).toISOString()).toBe('1910-05-17T09:29:43.000Z');
  });

  test('of an hour that came twice is the first, and of one that was skipped lies an hour on', () => {
    expect(birthInstant({ date: '2024-11-03', time: '01:30', timeZone: 'America/New_York' }).toISOString()).toBe('2024-11-03T05:30:00.000Z');
    expect(birthInstant({ date: '2024-03-10', time: '02:30', timeZone: 'America/New_York' }).toISOString()).toBe('2024-03-10T07:30:00.000Z');
  });

  test('is right where clocks were once put back by an odd number of seconds', () => {
    expect(birthInstant({ date: '1919-07-01', time: '00:00', timeZone: 'Europe/Moscow' }).toISOString()).toBe('1919-06-30T19:28:41.000Z');
  });

  test('of the leap day is on the leap day', () => {
    expect(birthInstant({ date: '2000-02-29', time: '23:59', timeZone: 'UTC' }).toISOString()).toBe('2000-02-29T23:59:00.000Z');
  });
});

describe('the chart of any birth', () => {
  test('has each body once, in a sign and degree that are its longitude, and in a whole-sign house', () => {
    fc.assert(
      fc.property(birthArbitrary, (birth) => {
        const { bodies, ascendant, isTimeKnown } = computePositions(birth);
        expect(bodies.map(({ body }) => body)).toEqual(CHART_BODIES);
        expect(isTimeKnown).toBe(birth.time !== null);
        expect(ascendant === null).toBe(birth.time === null || Math.abs(birth.latitude) > 66);
        for (const point of ascendant ? [...bodies, ascendant] : bodies) {
          expect(point.longitude).toBeGreaterThanOrEqual(0);
          expect(point.longitude).toBeLessThan(360);
          expect(ZODIAC_SIGNS.indexOf(point.sign) * 30 + point.degree).toBeCloseTo(point.longitude, 9);
          expect(point.degree).toBeLessThan(30);
        }
        for (const { sign, house } of bodies) {
          const away = ascendant ? (ZODIAC_SIGNS.indexOf(sign) - ZODIAC_SIGNS.indexOf(ascendant.sign) + 12) % 12 : null;
          expect(house).toBe(away === null ? null : away + 1);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('never has the Sun or the Moon retrograde, nor Mercury and Venus far from the Sun', () => {
    fc.assert(
      fc.property(birthArbitrary, (birth) => {
        const of = new Map(computePositions(birth).bodies.map((position) => [position.body, position]));
        expect([of.get('sun')?.isRetrograde, of.get('moon')?.isRetrograde]).toEqual([false, false]);
        for (const [body, degreesMax] of [['mercury', 29], ['venus', 48.5]] as const) {
          const away = Math.abs((((of.get(body)?.longitude ?? Number.NaN) - (of.get('sun')?.longitude ?? 0) + 540) % 360) - 180);
          expect(away).toBeLessThan(degreesMax);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('has the Moon as far from the Sun as her phase says', () => {
    fc.assert(
      fc.property(day, (date) => {
        const time = MakeTime(new Date(`${date}T12:00:00Z`));
        const apart = (eclipticLongitude('moon', time) - eclipticLongitude('sun', time) + 360) % 360;
        expect(Math.abs(((apart - MoonPhase(time) + 540) % 360) - 180)).toBeLessThan(0.01);
        expect(eclipticLongitude('moon', time)).toBeCloseTo((EclipticGeoMoon(time).lon + 360) % 360, 9);
      }),
      { numRuns: 50 },
    );
  });
});

test('at sunrise anywhere the ascendant is where the Sun is', () => {
  fc.assert(
    fc.property(day, fc.double({ min: -60, max: 60, noNaN: true }), fc.double({ min: -180, max: 180, noNaN: true }), (date, latitude, longitude) => {
      const rise = SearchRiseSet(Body.Sun, new Observer(latitude, longitude, 0), +1, new Date(`${date}T00:00:00Z`), 1.5);
      if (!rise) throw new Error('below the polar circle the Sun rises every day');
      const ascendant = computeAscendant(rise, latitude, longitude)?.longitude ?? Number.NaN;
      // Refraction and the Sun's radius let it appear so much early; the flatter the ecliptic lies, the more that stretches.
      const degreesMax = EARLY_DEGREES / Math.sin(((90 - OBLIQUITY_DEGREES - Math.abs(latitude)) * Math.PI) / 180);
      expect(Math.abs(((ascendant - eclipticLongitude('sun', rise) + 540) % 360) - 180)).toBeLessThan(degreesMax);
    }),
    { numRuns: 60 },
  );
});
