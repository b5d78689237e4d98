import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, type DatabaseHandle } from '#db/client.ts';
import { admins, loginAttempts, sessions, setupCodes } from '#db/schema/admins.ts';
import { createLogger } from '#server/lib/logger.ts';
import { createAuth, type Auth, type AuthDeps } from '#server/services/admins/create-auth.ts';
import { createFirstOwner } from '#server/services/admins/create-first-owner.ts';
import { createPasswordHasher } from '#server/services/admins/hash-password.ts';
import { issueSetupCode } from '#server/services/admins/issue-setup-code.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';

const LOGIN = { email: 'owner@example.org', password: 'the moon is in Leo' };
const ADDRESS = '203.0.113.7';
const MINUTE_MS = 60_000;
const passwords = createPasswordHasher();

let database: TestDatabase;
let replica: DatabaseHandle;
let deps: AuthDeps;
let auth: Auth;
let other: Auth;
let logged: string[];
let nowMs: number;

beforeAll(async () => {
  database = await createTestDatabase();
  replica = openDatabase({ url: database.url, maxConnections: 5 });
});
afterAll(async () => {
  await replica.close();
  await database.drop();
});
beforeEach(async () => {
  const { db } = database.handle;
  for (const table of [admins, setupCodes, loginAttempts]) await db.delete(table);
  nowMs = Date.UTC(2026, 10, 24);
  logged = [];
  const logger = createLogger('info');
  logger.info = (...args: unknown[]) => void logged.push(JSON.stringify(args));
  logger.warn = (...args: unknown[]) => void logged.push(JSON.stringify(args));
  deps = { db, clock: { now: () => new Date(nowMs) }, logger, passwords, publicUrl: null, secret: 'a secret of this test' };
  auth = createAuth(deps);
  other = createAuth({ ...deps, db: replica.db });
});

const rows = () => deps.db.select().from(sessions);

describe('a session', () => {
  beforeEach(async () => void (await createFirstOwner(deps, LOGIN)));

  it('is void under another secret, so a copy of the database logs nobody in', async () => {
    const { token } = await auth.login(LOGIN, ADDRESS);
    expect(await createAuth({ ...deps, secret: 'another secret of this test' }).findSession(token)).toBeNull();
    const [row] = await rows();
    expect(await auth.findSession(row?.tokenHash.slice(0, 43) ?? '')).toBeNull();
    expect(await auth.findSession(token)).toEqual({ adminId: row?.adminId, email: LOGIN.email, role: 'owner' });
  });

  it('tells its end, which its cookie carries and which no use puts off', async () => {
    const session = await auth.login(LOGIN, ADDRESS);
    expect(session.expiresAt).toEqual(new Date(nowMs + 12 * 60 * MINUTE_MS));
    expect(auth.serializeCookie(session)).toContain(`Expires=${session.expiresAt.toUTCString()}`);
    nowMs += 20 * MINUTE_MS;
    await auth.findSession(session.token);
    expect((await rows()).map(({ expiresAt }) => expiresAt)).toEqual([session.expiresAt]);
  });

  it('comes back from the cookie that carries it, and is gone from the one that ends it', async () => {
    const session = await auth.login(LOGIN, ADDRESS);
    const read = (header: string) => auth.readSessionToken(header.split(';')[0] ?? '');
    expect(read(auth.serializeCookie(session))).toBe(session.token);
    expect(await auth.findSession(read(auth.serializeCookie(null)) ?? '')).toBeNull();
  });

  it('is new at every log-in, and the old ones live on until they are ended one by one', async () => {
    const tokens = await Promise.all([1, 2, 3].map(async (n) => (await (n % 2 === 0 ? other : auth).login(LOGIN, ADDRESS)).token));
    expect(new Set(tokens).size).toBe(3);
    await other.logout(tokens[0] ?? '');
    const found = await Promise.all(tokens.map((token) => auth.findSession(token)));
    expect(found.map((session) => session !== null)).toEqual([false, true, true]);
  });

  it('is ended twice, or not being one at all, without a word', async () => {
    const { token } = await auth.login(LOGIN, ADDRESS);
    await Promise.all([auth.logout(token), other.logout(token)]);
    await auth.logout("'; delete from sessions; --");
    expect(await rows()).toEqual([]);
  });

  it('that many requests show at once is noted once, never set back', async () => {
    const { token } = await auth.login(LOGIN, ADDRESS);
    nowMs += 10 * MINUTE_MS;
    const found = await Promise.all(Array.from({ length: 40 }, (_, n) => (n % 2 === 0 ? auth : other).findSession(token)));
    expect(found.every((session) => session?.email === LOGIN.email)).toBe(true);
    const seenAt = nowMs;
    // A replica whose clock is behind.
    nowMs -= 2 * MINUTE_MS;
    await other.findSession(token);
    expect((await rows()).map(({ lastSeenAt }) => lastSeenAt.getTime())).toEqual([seenAt]);
  });

  it('has the role of its admin as it is now, with the next request', async () => {
    const { token } = await auth.login(LOGIN, ADDRESS);
    await deps.db.update(admins).set({ role: 'viewer' });
    expect((await other.findSession(token))?.role).toBe('viewer');
  });

  it('cannot be known while the database is away, which is an error and not a no', async () => {
    const away = openDatabase({ url: 'postgres://127.0.0.1:1/none' });
    await expect(createAuth({ ...deps, db: away.db }).findSession('x'.repeat(43))).rejects.toThrow();
    expect(await createAuth({ ...deps, db: away.db }).findSession('not a token')).toBeNull();
  });
});

describe('input that is no log-in', () => {
  it.each([
    ['nothing', undefined, 'Input '],
    ['a list', [LOGIN], 'Input '],
    ['no e-mail', { email: 'owner', password: 'x' }, 'email must be an e-mail address'],
    ['an endless e-mail', { email: `${'x'.repeat(250)}@example.org`, password: 'x' }, 'email is too long'],
    ['an operator instead of a text', { email: { $ne: null }, password: { $ne: null } }, 'email '],
    ['an empty password', { email: LOGIN.email, password: '' }, 'password is missing'],
    ['an endless password', { email: LOGIN.email, password: 'x'.repeat(257) }, 'password is too long'],
  ])('is refused in words before anything is counted or hashed: %s', async (_what, input, words) => {
    const refusal = await Promise.resolve(Reflect.apply(auth.login, auth, [input, ADDRESS])).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'bad_input', message: expect.stringContaining(words) });
    expect(await deps.db.select().from(loginAttempts)).toEqual([]);
  });

  it('brings no more into a session than an e-mail and a password', async () => {
    await createFirstOwner(deps, LOGIN);
    await deps.db.update(admins).set({ role: 'viewer' });
    const { token } = await auth.login({ ...LOGIN, ...JSON.parse('{"role":"owner","adminId":99,"__proto__":{"role":"owner"}}') }, ADDRESS);
    expect((await auth.findSession(token))?.role).toBe('viewer');
  });
});

describe('set-up', () => {
  it('looks at thirty codes from one address in 15 minutes and at no more, the right one included', async () => {
    const code = await issueSetupCode(deps);
    for (let n = 0; n < 30; n += 1) await expect(auth.setup({ ...LOGIN, code: `guess-${n}` }, ADDRESS)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(auth.setup({ ...LOGIN, code }, ADDRESS)).rejects.toMatchObject({ code: 'too_many_requests' });
    await expect(auth.setup({ ...LOGIN, code }, '203.0.113.8')).resolves.toBeDefined();
  });

  it('refuses a short password and a bad e-mail in words, and counts neither', async () => {
    const code = await issueSetupCode(deps);
    await expect(auth.setup({ ...LOGIN, code, password: 'short' }, ADDRESS)).rejects.toMatchObject({ code: 'bad_input', message: 'password must have at least 12 characters' });
    await expect(auth.setup({ ...LOGIN, code, email: 'x' }, ADDRESS)).rejects.toMatchObject({ code: 'bad_input' });
    expect(await deps.db.select().from(loginAttempts)).toEqual([]);
  });
});

describe('the log', () => {
  it('tells of log-ins, refusals and set-up with the address, and holds neither password, e-mail, token nor code', async () => {
    const code = await issueSetupCode(deps);
    const { token } = await auth.setup({ ...LOGIN, code }, ADDRESS);
    await auth.login(LOGIN, ADDRESS);
    await auth.login({ ...LOGIN, password: 'a wrong password' }, ADDRESS).catch(() => undefined);
    await auth.login({ ...LOGIN, email: 'nobody@example.org' }, ADDRESS).catch(() => undefined);
    const events = logged.map((line) => /"event":"(\w+)"/.exec(line)?.[1]);
    expect(events).toEqual(['setup', 'login', 'login_failed', 'login_failed']);
    expect(logged.every((line) => line.includes(ADDRESS))).toBe(true);
    for (const secret of [LOGIN.password, 'a wrong password', LOGIN.email, 'nobody@example.org', token, code]) expect(logged.join('\n')).not.toContain(secret);
  });
});
