import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { admins } from '#db/schema/admins.ts';
import { createLogger } from '#server/lib/logger.ts';
import { createAuth, type Auth } from '#server/services/admins/create-auth.ts';
import { createFirstOwner } from '#server/services/admins/create-first-owner.ts';
import { createPasswordHasher } from '#server/services/admins/hash-password.ts';
import type { AuthDeps } from '#server/services/admins/create-auth.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { startTestServer, type TestServer } from '../unit/http/test-server.ts';

const LOGIN = { email: 'owner@example.org', password: 'the moon is in Leo' };
const HTML = { accept: 'text/html' };

let database: TestDatabase;
let auth: Auth;
let deps: AuthDeps;
let replicas: TestServer[];

beforeAll(async () => {
  database = await createTestDatabase();
  deps = { db: database.handle.db, clock: { now: () => new Date() }, logger: createLogger('silent'), passwords: createPasswordHasher(), publicUrl: null, secret: 'a secret of this test' };
  auth = createAuth(deps);
  await createFirstOwner(deps, LOGIN);
  const findSession = (token: string) => auth.findSession(token);
  replicas = [await startTestServer({}, findSession), await startTestServer({}, findSession)];
});
afterAll(async () => {
  await Promise.all(replicas.map((replica) => replica.close()));
  await database.drop();
});

const ask = async (cookie: string) => Promise.all(replicas.map(async (replica) => (await replica.request('/monitoring', { headers: { ...HTML, cookie } })).status));

async function logIn(): Promise<{ token: string; cookie: string }> {
  const session = await auth.login(LOGIN, '203.0.113.7');
  return { token: session.token, cookie: auth.serializeCookie(session).split(';')[0] ?? '' };
}

describe('a session over HTTP', () => {
  it('opens the pages of every replica, and none without it', async () => {
    expect(await ask((await logIn()).cookie)).toEqual([200, 200]);
    expect(await ask('')).toEqual([302, 302]);
    expect(await ask('adtrobot=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA')).toEqual([302, 302]);
  });

  it('is dead in every replica after logging out, also when its cookie is sent again', async () => {
    const { token, cookie } = await logIn();
    const other = await logIn();
    await auth.logout(token);
    expect(await ask(cookie)).toEqual([302, 302]);
    expect(await ask(other.cookie)).toEqual([200, 200]);
  });

  it('is dead with the next request when its admin is disabled', async () => {
    const { cookie } = await logIn();
    await deps.db.update(admins).set({ disabledAt: new Date() });
    expect(await ask(cookie)).toEqual([302, 302]);
    await deps.db.update(admins).set({ disabledAt: null });
    expect(await ask(cookie)).toEqual([200, 200]);
  });

  it('reaches the procedures of the API', async () => {
    const { cookie } = await logIn();
    const answer = await replicas[0]?.request('/trpc/whoami', { headers: { cookie } });
    expect(JSON.parse(answer?.body ?? '')).toEqual({ result: { data: LOGIN.email } });
  });
});
