import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PAST_KINDS, planHistory, type PastEvent } from '#server/sandbox/history/plan-history.ts';

const DAY_MS = 86_400_000;
const UNTIL = new Date('2026-11-20T12:13:19.816Z');
const crowd = planHistory({ userCount: 300, days: 30, seed: 1, until: UNTIL });

const plan = fc.record({
  userCount: fc.integer({ min: 1, max: 12 }),
  days: fc.integer({ min: 1, max: 20 }),
  seed: fc.nat(),
  until: fc.date({ min: new Date('2026-01-01'), max: new Date('2027-01-01'), noInvalidDate: true }),
});

function byMember(events: readonly PastEvent[]): PastEvent[][] {
  return [...Map.groupBy(events, (event) => event.member.person.id).values()];
}

describe('a planned past', () => {
  test('lies, whatever the plan, within its days, in order, and begins for everybody with their only first contact', () => {
    fc.assert(
      fc.property(plan, (wanted) => {
        const events = planHistory(wanted);
        const times = events.map(({ at }) => at.getTime());
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        expect(times.every((time) => time >= wanted.until.getTime() - wanted.days * DAY_MS && time < wanted.until.getTime())).toBe(true);
        for (const own of byMember(events)) expect(own.map(({ kind }) => kind === 'join')).toEqual(own.map((_, index) => index === 0));
        expect(byMember(events).length).toBeLessThanOrEqual(wanted.userCount);
      }),
      { numRuns: 60 },
    );
  });

  test('is, for the first people, the same however many come after them', () => {
    fc.assert(
      fc.property(plan, fc.nat(8), (wanted, moreCount) => {
        const few = planHistory(wanted);
        const known = new Set(few.map(({ member }) => member.person.id));
        const many = planHistory({ ...wanted, userCount: wanted.userCount + moreCount }).filter(({ member }) => known.has(member.person.id));
        expect(byMember(many).sort(byId)).toEqual(byMember(few).sort(byId));
      }),
      { numRuns: 30 },
    );
  });

  test('moves as a whole with its end: the same people do the same things', () => {
    const later = planHistory({ userCount: 50, days: 10, seed: 3, until: new Date(UNTIL.getTime() + 7 * DAY_MS) });
    const shifted = planHistory({ userCount: 50, days: 10, seed: 3, until: UNTIL }).map((event) => ({ ...event, at: new Date(event.at.getTime() + 7 * DAY_MS) }));
    expect(later).toEqual(shifted);
  });

  test('knows a payment only from somebody who came back, a second after one of their visits', () => {
    for (const own of byMember(crowd)) {
      for (const { at } of own.filter(({ kind }) => kind === 'pay')) {
        const visits = own.slice(1).filter((event) => event.kind !== 'pay');
        expect(visits.map((event) => event.at.getTime())).toContain(at.getTime() - 1_000);
      }
    }
  });

  test('has everybody do only what they come for, and everything that can be done done', () => {
    const visits = crowd.filter(({ kind }) => kind !== 'join' && kind !== 'pay');
    const kindsOf = (habit: string) => new Set(visits.filter(({ member }) => member.habit === habit).map(({ kind }) => kind));
    expect(kindsOf('horoscope')).toEqual(new Set(['horoscope', 'tarot_card', 'help']));
    expect(kindsOf('tarot')).toEqual(new Set(['horoscope', 'tarot_card', 'tarot_three_cards']));
    expect(kindsOf('natal')).toEqual(new Set(['horoscope', 'tarot_card', 'natal_chart']));
    expect([...kindsOf('lapsed')].every((kind) => kind === 'horoscope' || kind === 'help')).toBe(true);
    expect(new Set(crowd.map(({ kind }) => kind))).toEqual(new Set(PAST_KINDS));
  });

  test('has half of its people from the first day on, and the others over all of its time', () => {
    const start = UNTIL.getTime() - 30 * DAY_MS;
    const joins = crowd.filter(({ kind, member }) => kind === 'join' && member.habit !== 'lapsed').map(({ at }) => (at.getTime() - start) / DAY_MS);
    const shareBefore = (day: number) => joins.filter((joined) => joined < day).length / joins.length;
    expect(shareBefore(2)).toBeGreaterThan(0.4);
    expect(shareBefore(2)).toBeLessThan(0.65);
    expect(shareBefore(15)).toBeGreaterThan(0.65);
    expect(shareBefore(15)).toBeLessThan(0.85);
  });

  test('sees those who lapsed much more rarely than the others', () => {
    const visitsOf = (isLapsed: boolean) => {
      const own = byMember(crowd).filter(([first]) => (first?.member.habit === 'lapsed') === isLapsed);
      return own.reduce((count, events) => count + events.length, 0) / own.length;
    };
    expect(visitsOf(true)).toBeLessThan(visitsOf(false) / 4);
  });
});

function byId([a]: readonly PastEvent[], [b]: readonly PastEvent[]): number {
  return (a?.member.person.id ?? 0) - (b?.member.person.id ?? 0);
}
