import fc from 'fast-check';
import { z } from 'zod';
import { expect, test } from 'vitest';
import { Users, type UsersInput } from '#server/contracts/users.ts';
import { fixedClock } from '#server/lib/clock.ts';
import { getUsers } from '#server/services/reports/get-users.ts';
import { foldRollups } from '#server/services/rollups/fold-rollups.ts';
import { setRollupTimeZone } from '#server/services/rollups/set-time-zone.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { seedInteraction } from '#tests/support/seed.ts';

const NOW = new Date('2026-11-20T12:34:56.789Z');
const DAY_MS = 86_400_000;
const TIME_LIMIT_MS = 120_000;
const ZONES = ['UTC', 'Asia/Kolkata', 'America/New_York', 'Pacific/Apia'];
const SOURCES = ['direct', 'ads', 'friend'];

/** Ages in ms: borders of windows and ranges, a millisecond beside them, and anything between. */
const ago = fc.oneof(
  fc.tuple(fc.constantFrom(0, 1, 7, 30).map((days) => days * DAY_MS), fc.constantFrom(-1, 0, 1)).map(([ms, beside]) => ms + beside),
  fc.integer({ min: -DAY_MS, max: 40 * DAY_MS }),
);
const history = fc.record({
  people: fc.array(fc.record({ createdAgo: ago, source: fc.constantFrom(...SOURCES) }), { minLength: 1, maxLength: 8 }),
  uses: fc.array(fc.record({ person: fc.nat({ max: 7 }), ago, handler: fc.constantFrom('tarot', 'help', 'chat_member') }), { maxLength: 40 }),
  range: fc.oneof(
    fc.constantFrom<UsersInput>({ range: '24h' }, { range: '7d' }, { range: '30d' }, { from: '2026-11-02', to: '2026-11-15' }, { from: '2026-10-20', to: '2026-11-19', bucket: 'week' }),
    fc.record({ fromAgo: fc.integer({ min: DAY_MS, max: 39 * DAY_MS }), length: fc.integer({ min: 1, max: 38 * DAY_MS }) }).map(({ fromAgo, length }): UsersInput => {
      const from = NOW.getTime() - fromAgo;
      return { from: new Date(from).toISOString(), to: new Date(from + length).toISOString() };
    }),
  ),
  zone: fc.constantFrom(...ZONES),
  isFolded: fc.boolean(),
  hasZone: fc.boolean(),
});
type History = typeof history extends fc.Arbitrary<infer T> ? T : never;

const Person = z.object({ id: z.coerce.number(), created_at: z.date(), source: z.string() });
const Use = z.object({ user_id: z.coerce.number(), at: z.date(), handler: z.string() });

async function layDown({ handle: { db, sql } }: TestDatabase, { people, uses, isFolded }: History): Promise<void> {
  await sql`select ensure_interactions_partitions('2026-09-01', '2026-12-31')`;
  const ids: number[] = [];
  for (const [index, { createdAgo, source }] of people.entries()) {
    const at = new Date(NOW.getTime() - createdAgo);
    const [row] = await sql`insert into users (telegram_user_id, language, source, created_at, last_active_at) values (${index + 1}, 'en', ${source}, ${at}, ${at}) returning id`;
    ids.push(Number(row?.['id']));
  }
  for (const [index, { person, ago: agoMs, handler }] of uses.entries()) {
    await seedInteraction(db, { at: new Date(NOW.getTime() - agoMs), userId: ids[person % ids.length] ?? 0, handler });
    if (isFolded && index % 9 === 8) await foldRollups(db, 4);
  }
}

/** The local date of an instant by the calendar of the zone. */
function dateNamer(timeZone: string): (at: Date) => string {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  return (at) => format.format(at);
}
const plusDays = (date: string, days: number) => new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10);

async function recount({ handle: { sql } }: TestDatabase) {
  const people = z.array(Person).parse(await sql`select id, created_at, source from users`);
  const uses = z.array(Use).parse(await sql`select user_id, at, handler from interactions`).filter(({ handler }) => handler !== 'chat_member');
  const activeIn = (from: Date, to: Date) => new Set(uses.filter(({ at }) => at >= from && at < to).map((use) => use.user_id));
  const newIn = (from: Date, to: Date) => new Set(people.filter((person) => person.created_at >= from && person.created_at < to).map(({ id }) => id));
  const counts = (from: Date, to: Date) => {
    const [active, fresh] = [activeIn(from, to), newIn(from, to)];
    return { activeCount: active.size, newCount: fresh.size, returningCount: [...active].filter((id) => !fresh.has(id)).length };
  };
  const windowOf = (days: number) => new Set(uses.filter(({ at }) => at <= NOW && at.getTime() > NOW.getTime() - days * DAY_MS).map((use) => use.user_id)).size;
  return { people, uses, counts, windowOf };
}

test('every count of users, per bucket, window, source and cohort, is what counting row by row gives', async () => {
  await fc.assert(
    fc.asyncProperty(history, async (each) => {
      const database = await createTestDatabase();
      try {
        const { db } = database.handle;
        if (each.hasZone) await setRollupTimeZone(db, each.zone);
        await layDown(database, each);
        const users = Users.parse(await getUsers({ db, clock: fixedClock(NOW), reportingTimeZone: each.zone }, each.range));
        const { people, uses, counts, windowOf } = await recount(database);
        const [from, to] = [new Date(users.range.from), new Date(users.range.to)];
        expect(users.total).toMatchObject({ ...counts(from, to), interactionCount: uses.filter(({ at }) => at >= from && at < to).length });
        expect([users.windows.dau, users.windows.wau, users.windows.mau]).toEqual([windowOf(1), windowOf(7), windowOf(30)]);
        for (const [index, bucket] of users.overTime.entries()) {
          expect(bucket).toMatchObject(counts(new Date(bucket.startsAt), new Date(users.overTime[index + 1]?.startsAt ?? to)));
        }
        expect(users.overTime.reduce((sum, { newCount }) => sum + newCount, 0)).toBe(users.total.newCount);
        const fresh = people.filter((person) => person.created_at >= from && person.created_at < to);
        expect(Object.fromEntries(users.bySource.map(({ source, signupCount }) => [source, signupCount]))).toEqual(
          Object.fromEntries([...Map.groupBy(fresh, ({ source }) => source)].map(([source, some]) => [source, some.length])),
        );
        const dateOf = dateNamer(each.zone);
        for (const { date, newCount, retention } of users.cohorts) {
          const members = new Set(people.filter((person) => dateOf(person.created_at) === date).map(({ id }) => id));
          expect(newCount).toBe(members.size);
          for (const { days, ratio, activeCount } of retention) {
            const isOver = plusDays(date, days) < dateOf(NOW);
            const active = new Set(uses.filter(({ at, user_id: id }) => members.has(id) && dateOf(at) === plusDays(date, days)).map((use) => use.user_id)).size;
            expect({ ratio, activeCount }).toEqual(isOver ? { ratio: members.size === 0 ? null : active / members.size, activeCount: active } : { ratio: null, activeCount: 0 });
          }
        }
      } finally {
        await database.drop();
      }
    }),
    { numRuns: 25 },
  );
}, TIME_LIMIT_MS);

test('nobody at all is a count of 0, and every ratio of nobody is not known', async () => {
  const database = await createTestDatabase();
  const users = await getUsers({ db: database.handle.db, clock: fixedClock(NOW), reportingTimeZone: 'UTC' }, { range: '7d' });
  expect(users.windows).toEqual({ dau: 0, wau: 0, mau: 0, dauOfMau: null, wauOfMau: null });
  expect(users.total).toEqual({ activeCount: 0, newCount: 0, returningCount: 0, interactionCount: 0, interactionsPerActive: null });
  expect(users.retention.map(({ ratio }) => ratio)).toEqual([null, null, null]);
  await database.drop();
});
