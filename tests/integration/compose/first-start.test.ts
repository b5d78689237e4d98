import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '#db/client.ts';
import { admins, setupCodes } from '#db/schema/admins.ts';
import { announceOwner } from '#server/compose/announce-owner.ts';
import { layDownBudgets } from '#server/compose/lay-down-budgets.ts';
import { loadOrCreateSecret } from '#server/compose/session-secret.ts';
import { loadConfig } from '#server/config.ts';
import { systemClock } from '#server/lib/clock.ts';
import { createLogger } from '#server/lib/logger.ts';
import { createAuth, type AuthDeps } from '#server/services/admins/create-auth.ts';
import { createPasswordHasher } from '#server/services/admins/hash-password.ts';
import { archiveBudget } from '#server/services/budgets/archive-budget.ts';
import { listBudgets } from '#server/services/budgets/list-budgets.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';

const SITE = 'https://bot.example';
const OWNER = { OWNER_EMAIL: 'Owner@Example.org', OWNER_PASSWORD: 'the moon is in Leo' };
const LOGIN = { email: 'owner@example.org', password: OWNER.OWNER_PASSWORD };

let database: TestDatabase;
let deps: AuthDeps;
beforeAll(async () => {
  database = await createTestDatabase();
  deps = { db: database.handle.db, clock: systemClock, logger: createLogger('silent'), passwords: createPasswordHasher(), publicUrl: null, secret: 'a secret of this test' };
});
afterAll(() => database.drop());

describe('the line that tells how to log in', () => {
  beforeEach(async () => {
    await deps.db.delete(admins);
    await deps.db.delete(setupCodes);
  });

  const codeIn = (line: string) => new URL(line.slice(line.indexOf('http'))).searchParams.get('code') ?? '';
  const setUp = (code: string) => createAuth(deps).setup({ ...LOGIN, code }, '203.0.113.7');

  it('is a link that works once where nobody may log in yet, and the address from then on', async () => {
    const line = await announceOwner(deps, loadConfig({}), SITE);
    expect(line).toMatch(/^First owner: https:\/\/bot\.example\/setup\?code=[\w-]{43}$/);
    await setUp(codeIn(line));
    expect(await announceOwner(deps, loadConfig({}), SITE)).toBe('Log in: https://bot.example/login');
    expect(await announceOwner(deps, loadConfig(OWNER), SITE)).toBe('Log in: https://bot.example/login');
  });

  it('has a fresh link at every start, which voids the one before', async () => {
    const [first, second] = [await announceOwner(deps, loadConfig({}), SITE), await announceOwner(deps, loadConfig({}), SITE)];
    await expect(setUp(codeIn(first))).rejects.toMatchObject({ code: 'forbidden' });
    await expect(setUp(codeIn(second))).resolves.toBeDefined();
  });

  it('names the owner of the configuration, who is made by it and logs in with its password, and never the password', async () => {
    const line = await announceOwner(deps, loadConfig(OWNER), SITE);
    expect(line).toBe('Log in: https://bot.example/login as owner@example.org');
    await expect(createAuth(deps).login(LOGIN, '203.0.113.7')).resolves.toBeDefined();
    expect(await deps.db.select().from(setupCodes)).toEqual([]);
  });

  it('is the same in all replicas that start together, and there is one owner', async () => {
    const lines = await Promise.all([1, 2, 3].map(() => announceOwner(deps, loadConfig(OWNER), SITE)));
    for (const line of lines) expect(line).toMatch(/^Log in: https:\/\/bot\.example\/login/);
    expect(await deps.db.select({ email: admins.email, role: admins.role }).from(admins)).toEqual([{ email: 'owner@example.org', role: 'owner' }]);
  });

  it('is not printed for a password that anybody would try: the start fails in words', async () => {
    await expect(announceOwner(deps, loadConfig({ ...OWNER, OWNER_PASSWORD: 'password1234' }), SITE)).rejects.toMatchObject({ code: 'bad_input' });
    expect(await deps.db.select().from(admins)).toEqual([]);
  });

  it('leaves an owner as he is when the configuration names another', async () => {
    await announceOwner(deps, loadConfig(OWNER), SITE);
    await announceOwner(deps, loadConfig({ ...OWNER, OWNER_EMAIL: 'second@example.org', OWNER_PASSWORD: 'another sentence' }), SITE);
    expect(await deps.db.select({ email: admins.email }).from(admins)).toEqual([{ email: 'owner@example.org' }]);
    await expect(createAuth(deps).login(LOGIN, '203.0.113.7')).resolves.toBeDefined();
  });

  it('is not made up when the database is away', async () => {
    const away = { ...deps, db: openDatabase({ url: 'postgres://127.0.0.1:1/none' }).db };
    await expect(announceOwner(away, loadConfig(OWNER), SITE)).rejects.toThrow();
  });
});

describe('the secret of an installation', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'adtrobot-secret-'));
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  it('is made once, whoever asks at the same time, and stays', async () => {
    const secrets = await Promise.all(Array.from({ length: 50 }, () => loadOrCreateSecret(dataDir)));
    expect(new Set(secrets).size).toBe(1);
    expect(secrets[0]).toMatch(/^[\w-]{43}$/);
    expect(await loadOrCreateSecret(dataDir)).toBe(secrets[0]);
    expect(await readdir(dataDir)).toEqual(['session-secret']);
  });

  it('can be read by its owner only, and is another in another installation', async () => {
    const otherDir = await mkdtemp(join(tmpdir(), 'adtrobot-secret-'));
    expect(await loadOrCreateSecret(dataDir)).not.toBe(await loadOrCreateSecret(otherDir));
    expect((await stat(join(dataDir, 'session-secret'))).mode & 0o777).toBe(0o600);
    await rm(otherDir, { recursive: true });
  });

  it('is taken as it stands where there is one', async () => {
    await writeFile(join(dataDir, 'session-secret'), 'laid down by an administrator');
    expect(await loadOrCreateSecret(dataDir)).toBe('laid down by an administrator');
  });

  it('is not made up when it cannot be kept', async () => {
    await expect(loadOrCreateSecret(join(dataDir, 'missing'))).rejects.toThrow('ENOENT');
    await expect(readFile(join(dataDir, 'missing'))).rejects.toThrow();
  });
});

describe('the budgets of the sandbox', () => {
  it('are laid down once, and what an admin made of them since stays', async () => {
    const budgetDeps = { db: deps.db, clock: systemClock, reportingTimeZone: 'UTC' };
    const list = async () => (await listBudgets(budgetDeps)).budgets.map(({ budgetId, period, scope, limitUsd }) => ({ budgetId, period, scope, limitUsd }));
    await layDownBudgets(budgetDeps);
    const laid = await list();
    expect(laid).toMatchObject([{ period: 'month', scope: 'all', limitUsd: '100.000000000000' }, { period: 'day', scope: 'user', limitUsd: '0.250000000000' }]);
    await layDownBudgets(budgetDeps);
    expect(await list()).toEqual(laid);
    for (const { budgetId } of laid) await archiveBudget(budgetDeps, { budgetId }, 1);
    await layDownBudgets(budgetDeps);
    expect(await list()).toEqual([]);
  });
});
