import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, type DatabaseHandle } from '#db/client.ts';
import { loginAttempts } from '#db/schema/admins.ts';
import { accountSubject, addressSubject, clearAttempts, setupSubject, takeAttempt, type ThrottleSubject } from '#server/services/admins/throttle-attempts.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';

const MINUTE_MS = 60_000;
const EMAIL = 'owner@example.org';
const limited = expect.objectContaining({ code: 'too_many_requests', httpStatus: 429 });

let database: TestDatabase;
let replicas: DatabaseHandle[];
let nowMs: number;
const clock = { now: () => new Date(nowMs) };

beforeAll(async () => {
  database = await createTestDatabase();
  replicas = [1, 2, 3].map(() => openDatabase({ url: database.url, maxConnections: 5 }));
});
afterAll(async () => {
  await Promise.all(replicas.map((replica) => replica.close()));
  await database.drop();
});
beforeEach(async () => {
  await database.handle.db.delete(loginAttempts);
  nowMs = Date.UTC(2026, 10, 24);
});

const take = (subjects: readonly ThrottleSubject[], replica = 0) => takeAttempt({ db: replicas[replica]?.db ?? database.handle.db, clock }, subjects);
const attempts = async () => (await database.handle.db.select().from(loginAttempts)).length;

/** Takes attempts one after the other until one is refused; tells how many were granted. */
async function exhaust(subjects: readonly ThrottleSubject[]): Promise<number> {
  for (let granted = 0; granted < 100; granted += 1) {
    const isGranted = await take(subjects).then(
      () => true,
      (error: unknown) => (expect(error).toEqual(limited), false),
    );
    if (!isGranted) return granted;
  }
  return Infinity;
}

describe('the limits', () => {
  it('are ten for an account, thirty for an address and thirty for set-up, each counted on its own', async () => {
    expect(await exhaust([accountSubject(EMAIL)])).toBe(10);
    expect(await exhaust([addressSubject('203.0.113.7')])).toBe(30);
    expect(await exhaust([setupSubject('203.0.113.7')])).toBe(30);
    await expect(take([accountSubject('other@example.org'), addressSubject('203.0.113.8')])).resolves.toBeUndefined();
  });

  it('know an account in every spelling of its e-mail, and tell an account from an address of the same text', async () => {
    for (let n = 0; n < 10; n += 1) await take([accountSubject(n % 2 === 0 ? EMAIL : EMAIL.toUpperCase())]);
    await expect(take([accountSubject('Owner@Example.org')])).rejects.toEqual(limited);
    await expect(take([addressSubject(EMAIL), setupSubject(EMAIL)])).resolves.toBeUndefined();
  });

  it('end with the fifteenth minute after each attempt, not all at once', async () => {
    const begun = nowMs;
    for (let n = 0; n < 10; n += 1) {
      nowMs = begun + n * MINUTE_MS;
      await take([accountSubject(EMAIL)]);
    }
    nowMs = begun + 15 * MINUTE_MS - 1;
    await expect(take([accountSubject(EMAIL)])).rejects.toEqual(limited);
    nowMs = begun + 15 * MINUTE_MS;
    await expect(take([accountSubject(EMAIL)])).resolves.toBeUndefined();
    await expect(take([accountSubject(EMAIL)])).rejects.toEqual(limited);
    nowMs += MINUTE_MS;
    await expect(take([accountSubject(EMAIL)])).resolves.toBeUndefined();
  });

  it('are not prolonged by attempts that were refused: nobody is locked out for good', async () => {
    await exhaust([accountSubject(EMAIL)]);
    for (let n = 0; n < 20; n += 1) {
      nowMs += 30_000;
      await take([accountSubject(EMAIL)]).catch(() => undefined);
    }
    nowMs += 5 * MINUTE_MS;
    await expect(take([accountSubject(EMAIL)])).resolves.toBeUndefined();
  });
});

describe('an attempt', () => {
  it('counts for all its subjects or for none', async () => {
    const [account, address] = [accountSubject(EMAIL), addressSubject('203.0.113.7')];
    await exhaust([account]);
    const before = await attempts();
    for (let n = 0; n < 40; n += 1) await expect(take([address, account])).rejects.toEqual(limited);
    expect(await attempts()).toBe(before);
    await expect(take([address])).resolves.toBeUndefined();
  });

  it('is granted exactly as often as allowed, however many replicas take it at once', async () => {
    const takes = Array.from({ length: 120 }, (_, n) => take([accountSubject(EMAIL), addressSubject(`198.51.100.${n}`)], n % 3));
    const results = await Promise.allSettled(takes);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    for (const result of results) if (result.status === 'rejected') expect(result.reason).toEqual(limited);
    expect(await attempts()).toBe(20);
  });

  it('never waits for another that waits for it, in whatever order they name their subjects', async () => {
    const subjects = Array.from({ length: 6 }, (_, n) => addressSubject(`192.0.2.${n}`));
    const takes = Array.from({ length: 25 }, (_, n) => take(n % 2 === 0 ? subjects : [...subjects].reverse(), n % 3));
    expect((await Promise.allSettled(takes)).filter(({ status }) => status === 'fulfilled')).toHaveLength(25);
  });
});

describe('clearing', () => {
  it('forgets the attempts of the subjects that it names, and of no other', async () => {
    const [account, address] = [accountSubject(EMAIL), addressSubject('203.0.113.7')];
    for (let n = 0; n < 10; n += 1) await take([account, address]);
    await clearAttempts({ db: database.handle.db }, [account]);
    expect(await exhaust([account])).toBe(10);
    expect(await exhaust([address])).toBe(20);
  });

  it('of nobody is nothing', async () => {
    await take([accountSubject(EMAIL)]);
    await clearAttempts({ db: database.handle.db }, []);
    expect(await attempts()).toBe(1);
  });
});
