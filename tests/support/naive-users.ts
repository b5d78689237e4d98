import fc from 'fast-check';
import type postgres from 'postgres';
import { z } from 'zod';
import type { DatabaseHandle } from '#db/client.ts';
import type { UsersFigures } from '#server/contracts/users.ts';
import type { ResolvedRange } from '#server/contracts/time-range.ts';
import { foldRollups } from '#server/services/rollups/fold-rollups.ts';
import { agoMs } from './range-inputs.ts';
import { seedInteraction, seedUser } from './seed.ts';
import { platformClock } from './zones.ts';

const DAY_MS = 86_400_000;
/** More than are listed by name. */
const SOURCES = Array.from({ length: 25 }, (_, index) => `link ${index}`);

const person = fc.record({ kind: fc.constant('person' as const), agoMs, source: fc.oneof(fc.constantFrom('direct', 'ads'), fc.constantFrom(...SOURCES)) });
const use = fc.record({ kind: fc.constant('use' as const), agoMs, person: fc.nat({ max: 50 }), handler: fc.constantFrom('tarot', 'tarot', 'help', 'chat_member') });
/** A use exactly so many days after a person came, give or take: random ones seldom meet. */
const comeback = fc.record({
  kind: fc.constant('comeback' as const), person: fc.nat({ max: 50 }), days: fc.constantFrom(1, 7, 30), besideMs: fc.oneof(fc.constant(0), fc.integer({ min: -DAY_MS, max: DAY_MS })),
});
const fold = fc.record({ kind: fc.constant('fold' as const), batch: fc.integer({ min: 1, max: 20 }) });

/** Who came and what they did, in the order in which it was written, with the rollups' upkeep in between. */
export const userHistory = fc.array(
  fc.oneof({ arbitrary: person, weight: 6 }, { arbitrary: use, weight: 6 }, { arbitrary: comeback, weight: 6 }, { arbitrary: fold, weight: 1 }),
  { maxLength: 70 },
);
export type UserHistory = typeof userHistory extends fc.Arbitrary<infer T> ? T : never;

/** Lays a history down so that it ends at `now`. */
export async function layDownUsers({ db, sql }: DatabaseHandle, history: UserHistory, now: Date): Promise<void> {
  const people: { readonly id: number; readonly at: Date }[] = [];
  const personAt = (index: number) => people[index % people.length] ?? { id: 1, at: now };
  for (const step of history) {
    if (step.kind === 'fold') await foldRollups(db, step.batch);
    else if (step.kind === 'person') {
      const at = new Date(now.getTime() - step.agoMs);
      // Every third far off, so that bits lie in several rows.
      if (people.length % 3 === 2) await sql`select setval(pg_get_serial_sequence('users', 'id'), (select max(id) + 33000 from users))`;
      people.push({ id: await seedUser(db, at, step.source), at });
    } else {
      const { id, at } = personAt(step.person);
      const usedAt = step.kind === 'use' ? new Date(now.getTime() - step.agoMs) : new Date(at.getTime() + step.days * DAY_MS + step.besideMs);
      await seedInteraction(db, { at: usedAt, userId: id, handler: step.kind === 'use' ? step.handler : 'horoscope' });
    }
  }
}

const Person = z.object({ id: z.coerce.number(), created_at: z.date(), source: z.string() });
const Use = z.object({ user_id: z.coerce.number(), at: z.date(), handler: z.string() });

/** All rows that count, as they are in the tables. */
export async function readUserFacts(sql: postgres.Sql) {
  const uses = z.array(Use).parse([...(await sql`select user_id, at, handler from interactions`)]);
  return { people: z.array(Person).parse([...(await sql`select id, created_at, source from users`)]), uses: uses.filter(({ handler }) => handler !== 'chat_member') };
}
type Facts = Awaited<ReturnType<typeof readUserFacts>>;

export interface NaiveRange {
  readonly range: Pick<ResolvedRange, 'from' | 'to' | 'timeZone'>;
  readonly starts: readonly string[];
  readonly now: Date;
  /** Where the rolling windows end. */
  readonly windowsEnd: Date;
}

/** The figures of a range, counted person by person and day by day: as slow as it is simple. */
export function recountUsers({ people, uses }: Facts, { range, starts, now, windowsEnd }: NaiveRange): Omit<UsersFigures, 'overTime'> & { readonly overTime: readonly object[] } {
  const [from, to] = [new Date(range.from), new Date(range.to)];
  const usesIn = (start: Date, end: Date) => uses.filter(({ at }) => at >= start && at < end);
  const newIn = (start: Date, end: Date) => people.filter(({ created_at: at }) => at >= start && at < end);
  const countsIn = (start: Date, end: Date) => {
    const [active, fresh] = [new Set(usesIn(start, end).map((each) => each.user_id)), new Set(newIn(start, end).map(({ id }) => id))];
    return { activeCount: active.size, newCount: fresh.size, returningCount: [...active].filter((id) => !fresh.has(id)).length };
  };
  const window = (days: number) => new Set(uses.filter(({ at }) => at <= windowsEnd && at.getTime() > windowsEnd.getTime() - days * DAY_MS).map((each) => each.user_id)).size;
  const [dau, wau, mau] = [window(1), window(7), window(30)];
  const total = countsIn(from, to);
  const interactionCount = usesIn(from, to).length;
  return {
    windows: { dau, wau, mau, dauOfMau: mau === 0 ? null : dau / mau, wauOfMau: mau === 0 ? null : wau / mau },
    total: { ...total, interactionCount, interactionsPerActive: total.activeCount === 0 ? null : interactionCount / total.activeCount },
    overTime: starts.map((start, index) => countsIn(new Date(start), new Date(starts[index + 1] ?? range.to))),
    bySource: recountSources(newIn(from, to)),
    ...recountCohorts({ people, uses }, { from, to, now, timeZone: range.timeZone }),
  };
}

function recountSources(fresh: Facts['people']): UsersFigures['bySource'] {
  const counts = [...Map.groupBy(fresh, ({ source }) => source)].map(([source, some]) => ({ source, signupCount: some.length }));
  counts.sort((a, b) => b.signupCount - a.signupCount || (a.source < b.source ? -1 : 1));
  const rest = counts.slice(20).reduce((sum, { signupCount }) => sum + signupCount, 0);
  return [...counts.slice(0, 20), ...(rest > 0 ? [{ source: null, signupCount: rest }] : [])];
}

function recountCohorts({ people, uses }: Facts, { from, to, now, timeZone }: { from: Date; to: Date; now: Date; timeZone: string }): Pick<UsersFigures, 'cohorts' | 'retention'> {
  const dateOf = (at: Date) => platformClock(at, timeZone).date;
  const later = (date: string, days: number) => new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10);
  const comers = Map.groupBy(people, ({ created_at: at }) => dateOf(at));
  const usersOf = Map.groupBy(uses, ({ at }) => dateOf(at));
  // Whatever has begun before the range, or has not ended with it or by now, is no whole day of it.
  const [before, end, today] = [dateOf(new Date(from.getTime() - 1)), dateOf(to < now ? to : now), dateOf(now)];
  const days: { readonly date: string; readonly newCount: number; readonly looks: readonly { readonly days: number; readonly newCount: number; readonly activeCount: number }[] }[] = [];
  for (let date = later(before, 1); date < end; date = later(date, 1)) {
    const fresh = new Set((comers.get(date) ?? []).map(({ id }) => id));
    const looks = ([1, 7, 30] as const).map((offset) => {
      const day = later(date, offset);
      const active = new Set((usersOf.get(day) ?? []).map((each) => each.user_id));
      return day < today ? { days: offset, newCount: fresh.size, activeCount: [...active].filter((id) => fresh.has(id)).length } : { days: offset, newCount: 0, activeCount: 0 };
    });
    days.push({ date, newCount: fresh.size, looks });
  }
  const together = (some: typeof days) =>
    ([1, 7, 30] as const).map((offset) => {
      const looks = some.flatMap((day) => day.looks.filter((look) => look.days === offset));
      const [newCount, activeCount] = [looks.reduce((sum, look) => sum + look.newCount, 0), looks.reduce((sum, look) => sum + look.activeCount, 0)];
      return { days: offset, newCount, activeCount, ratio: newCount === 0 ? null : activeCount / newCount };
    });
  const monday = (date: string) => later(date, -((new Date(date).getUTCDay() + 6) % 7));
  const groups = [...Map.groupBy(days, ({ date }) => (days.length > 31 ? monday(date) : date)).values()];
  const cohorts = groups.map((some) => ({
    firstDate: some[0]?.date ?? '', lastDate: some.at(-1)?.date ?? '', newCount: some.reduce((sum, { newCount }) => sum + newCount, 0), retention: together(some),
  }));
  return { cohorts, retention: together(days) };
}
