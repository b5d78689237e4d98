import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { admins, loginAttempts, sessions, setupCodes } from '#db/schema/admins.ts';
import { createLogger } from '#server/lib/logger.ts';
import { createAuth, type Auth } from '#server/services/admins/create-auth.ts';
import { createFirstOwner, hasOwner } from '#server/services/admins/create-first-owner.ts';
import { createPasswordHasher, type PasswordHasher } from '#server/services/admins/hash-password.ts';
import { hashToken } from '#server/services/admins/hash-token.ts';
import { issueSetupCode } from '#server/services/admins/issue-setup-code.ts';
import type { AuthDeps } from '#server/services/admins/create-auth.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';

const SECRET = 'a secret of this test';
const EMAIL = 'owner@example.org';
const PASSWORD = 'the moon is in Leo';
const ADDRESS = '203.0.113.7';
const MINUTE_MS = 60_000;

let database: TestDatabase;
let deps: AuthDeps;
let auth: Auth;
let nowMs: number;
let verifications: (string | null)[];

function countingHasher(): PasswordHasher {
  const passwords = createPasswordHasher();
  return {
    hash: (password) => passwords.hash(password),
    verify(passwordHash, password) {
      verifications.push(passwordHash);
      return passwords.verify(passwordHash, password);
    },
  };
}

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  const { db } = database.handle;
  await db.delete(admins);
  await db.delete(setupCodes);
  await db.delete(loginAttempts);
  nowMs = Date.UTC(2026, 10, 24);
  verifications = [];
  deps = { db, clock: { now: () => new Date(nowMs) }, logger: createLogger('silent'), passwords: countingHasher(), publicUrl: null, secret: SECRET };
  auth = createAuth(deps);
});

const login = (email = EMAIL, password = PASSWORD, address = ADDRESS) => auth.login({ email, password }, address);
const failed = (code: string) => expect.objectContaining({ code });

describe('the first owner', () => {
  it('is made once, however many try at the same time', async () => {
    const tries = await Promise.allSettled([1, 2, 3, 4].map((n) => createFirstOwner(deps, { email: `owner${n}@example.org`, password: PASSWORD })));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of tries) if (result.status === 'rejected') expect(result.reason).toEqual(failed('conflict'));
    expect(await database.handle.db.select({ role: admins.role }).from(admins)).toEqual([{ role: 'owner' }]);
  });

  it('does not exist by default', async () => {
    expect(await hasOwner(deps)).toBe(false);
    await expect(login('admin', 'admin')).rejects.toEqual(failed('bad_input'));
    await expect(login('admin@example.org', 'admin')).rejects.toEqual(failed('unauthenticated'));
  });

  it('is made by a setup code, which works once and starts a session', async () => {
    const code = await issueSetupCode(deps);
    const session = await auth.setup({ code, email: EMAIL, password: PASSWORD }, ADDRESS);
    expect(await auth.findSession(session.token)).toMatchObject({ email: EMAIL, role: 'owner' });
    await expect(auth.setup({ code, email: 'second@example.org', password: PASSWORD }, ADDRESS)).rejects.toEqual(failed('conflict'));
    expect(await hasOwner(deps)).toBe(true);
  });

  it('is made once when two people use the same code at the same time', async () => {
    const code = await issueSetupCode(deps);
    const tries = await Promise.allSettled(['a@example.org', 'b@example.org'].map((email) => auth.setup({ code, email, password: PASSWORD }, ADDRESS)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it.each([
    ['wrong', async () => 'x'.repeat(43)],
    ['expired', async () => {
      const code = await issueSetupCode(deps);
      nowMs += 24 * 60 * MINUTE_MS;
      return code;
    }],
    ['replaced by a newer one', async () => {
      const code = await issueSetupCode(deps);
      await issueSetupCode(deps);
      return code;
    }],
    ['used though no owner is left', async () => {
      const code = await issueSetupCode(deps);
      await auth.setup({ code, email: EMAIL, password: PASSWORD }, ADDRESS);
      await deps.db.delete(admins);
      return code;
    }],
  ])('is not made by a code that is %s', async (_what, makeCode) => {
    const code = await makeCode();
    await expect(auth.setup({ code, email: EMAIL, password: PASSWORD }, ADDRESS)).rejects.toEqual(failed('forbidden'));
    expect(await hasOwner(deps)).toBe(false);
  });

  it('keeps the code when the password is refused', async () => {
    const code = await issueSetupCode(deps);
    await expect(auth.setup({ code, email: EMAIL, password: 'password1234' }, ADDRESS)).rejects.toEqual(failed('bad_input'));
    await expect(auth.setup({ code, email: EMAIL, password: PASSWORD }, ADDRESS)).resolves.toBeDefined();
  });

  it('has neither password nor code in clear in the database', async () => {
    const code = await issueSetupCode(deps);
    await auth.setup({ code, email: EMAIL, password: PASSWORD }, ADDRESS);
    const rows = JSON.stringify([await deps.db.select().from(admins), await deps.db.select().from(setupCodes)]);
    expect(rows).not.toContain(PASSWORD);
    expect(rows).not.toContain(code);
    expect(rows).toContain('$argon2id$');
  });
});

describe('logging in', () => {
  beforeEach(async () => {
    await createFirstOwner(deps, { email: EMAIL, password: PASSWORD });
  });

  it('gives a fresh session each time, whose token is stored hashed', async () => {
    const [one, other] = [await login(), await login(' Owner@Example.org ')];
    expect(one.token).not.toBe(other.token);
    const stored = await deps.db.select().from(sessions);
    expect(stored.map(({ tokenHash }) => tokenHash).sort()).toEqual([hashToken(SECRET, one.token), hashToken(SECRET, other.token)].sort());
    expect(JSON.stringify(stored)).not.toContain(one.token);
  });

  it('refuses a wrong password, an unknown account and a disabled one with the same words and the same work', async () => {
    const refusals = [];
    refusals.push(await login(EMAIL, 'wrong password').catch((error: unknown) => error));
    refusals.push(await login('nobody@example.org').catch((error: unknown) => error));
    await deps.db.update(admins).set({ disabledAt: deps.clock.now() });
    refusals.push(await login().catch((error: unknown) => error));
    for (const refusal of refusals) expect(refusal).toMatchObject({ code: 'unauthenticated', message: 'E-mail or password is wrong.' });
    expect(verifications).toHaveLength(3);
  });

  it('looks at no more than ten passwords of an account in 15 minutes, wherever they come from and however many at once', async () => {
    const tries = await Promise.allSettled(Array.from({ length: 40 }, (_, n) => login(EMAIL, 'wrong password', `198.51.100.${n}`)));
    expect(verifications).toHaveLength(10);
    const codes = tries.map((result) => (result.status === 'rejected' ? String((result.reason as { code?: unknown }).code) : 'ok'));
    expect(codes.filter((code) => code === 'too_many_requests')).toHaveLength(30);
    await expect(login()).rejects.toEqual(failed('too_many_requests'));
    nowMs += 15 * MINUTE_MS;
    await expect(login()).resolves.toBeDefined();
  });

  it('looks at no more than thirty passwords from one address in 15 minutes, whatever accounts they name', async () => {
    for (let n = 0; n < 40; n += 1) await login(`user${n}@example.org`).catch(() => undefined);
    expect(verifications).toHaveLength(30);
    await expect(login(EMAIL, PASSWORD, '198.51.100.1')).resolves.toBeDefined();
  });

  it('forgets the failures of an account when it succeeds', async () => {
    for (let round = 0; round < 3; round += 1) {
      for (let n = 0; n < 8; n += 1) await login(EMAIL, 'wrong password', `198.51.100.${n}`).catch(() => undefined);
      await login(EMAIL, PASSWORD, `198.51.100.${round}`);
    }
    expect(verifications).toHaveLength(27);
  });

  it('names nobody in the throttle', async () => {
    await login(EMAIL, 'wrong password').catch(() => undefined);
    const rows = await deps.db.select().from(loginAttempts);
    expect(rows).toHaveLength(2);
    expect(JSON.stringify(rows)).not.toMatch(/owner|203\.0\.113/);
  });
});

describe('a session', () => {
  let token: string;
  beforeEach(async () => {
    await createFirstOwner(deps, { email: EMAIL, password: PASSWORD });
    token = (await login()).token;
  });

  it('ends after half an hour without use, and lives on with use', async () => {
    for (let round = 0; round < 5; round += 1) {
      nowMs += 29 * MINUTE_MS;
      expect(await auth.findSession(token)).not.toBeNull();
    }
    nowMs += 30 * MINUTE_MS;
    expect(await auth.findSession(token)).toBeNull();
  });

  it('ends twelve hours after it began, used or not', async () => {
    for (let minutes = 20; minutes < 12 * 60; minutes += 20) {
      nowMs += 20 * MINUTE_MS;
      expect(await auth.findSession(token), `after ${minutes} min`).not.toBeNull();
    }
    nowMs += 20 * MINUTE_MS;
    expect(await auth.findSession(token)).toBeNull();
  });

  it('notes its use at most once a minute', async () => {
    const lastSeen = async () => (await deps.db.select().from(sessions).where(eq(sessions.tokenHash, hashToken(SECRET, token))))[0]?.lastSeenAt.getTime();
    const begun = nowMs;
    nowMs += 59_000;
    await auth.findSession(token);
    expect(await lastSeen()).toBe(begun);
    nowMs += 1_000;
    await auth.findSession(token);
    expect(await lastSeen()).toBe(nowMs);
  });

  it('ends at once when its admin logs out, is disabled or is deleted', async () => {
    const other = (await login()).token;
    await auth.logout(token);
    expect(await auth.findSession(token)).toBeNull();
    expect(await auth.findSession(other)).not.toBeNull();
    await deps.db.update(admins).set({ disabledAt: deps.clock.now() });
    expect(await auth.findSession(other)).toBeNull();
    await deps.db.delete(admins);
    expect(await deps.db.select().from(sessions)).toEqual([]);
  });

  it('is not found by its hash, by part of its token or by nonsense', async () => {
    for (const guess of [hashToken(SECRET, token), token.slice(0, 42), `${token}x`, '', "' or 1=1 --", '\u0000'.repeat(43)]) {
      expect(await auth.findSession(guess)).toBeNull();
    }
  });
});
