import { TRPCError } from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { describe, expect, it, test } from 'vitest';
import { openDatabase } from '#db/client.ts';
import { loadConfig } from '#server/config.ts';
import type { HealthReport } from '#server/contracts/health.ts';
import type { SessionInfo } from '#server/contracts/login.ts';
import { AppError, type ErrorCode } from '#server/errors.ts';
import type { FailedProcedure } from '#server/http/request-state.ts';
import { createTrpcAdapter, listProcedures } from '#server/http/trpc-adapter.ts';
import { createLogger } from '#server/lib/logger.ts';
import type { TrpcContext } from '#server/trpc/context.ts';
import { appRouter } from '#server/trpc/router.ts';
import { toTrpcError } from '#server/trpc/to-trpc-error.ts';
import { fakeHealth } from '#tests/support/health.ts';

const SECRET = 'postgres://user:hunter2@db.internal';
/** Nobody listens there: what gets as far as the database fails as unexpected. */
const { db } = openDatabase({ url: 'postgres://127.0.0.1:1/none' });
const viewer: SessionInfo = { adminId: 1, email: 'viewer@example.org', role: 'viewer' };
const owner: SessionInfo = { adminId: 1, email: 'owner@example.org', role: 'owner' };
const REPORT: HealthReport = { isHealthy: true, checks: [] };

interface Call {
  readonly session?: SessionInfo | null;
  readonly body?: string;
  readonly method?: string;
  readonly context?: Partial<TrpcContext>;
}

/** Asks the API of the site as its HTTP adapter does; tells what it answered, reported and logged. */
async function ask(path: string, { session = owner, body, method = body === undefined ? 'GET' : 'POST', context = {} }: Call = {}) {
  const failures: FailedProcedure[] = [];
  const logged: string[] = [];
  const logger = createLogger('error');
  logger.error = (...args: unknown[]) => void logged.push(JSON.stringify(args));
  const createContext = (asker: SessionInfo | null): TrpcContext => ({
    session: asker,
    reports: { db, clock: { now: () => new Date('2026-11-20T12:00:00Z') }, reportingTimeZone: 'UTC' },
    models: loadConfig({}).models,
    health: fakeHealth({ report: () => REPORT }),
    drift: null,
    parity: null,
    sandboxChat: null,
    ...context,
  });
  const handle = createTrpcAdapter({ router: appRouter, createContext, logger });
  const request = new Request(`http://site.example/trpc/${path}`, { method, headers: { 'content-type': 'application/json' }, ...(body === undefined ? {} : { body }) });
  const response = await handle(request, { requestId: 'id-of-the-request', session, onFailure: (failure) => failures.push(failure) });
  return { status: response.status, text: await response.text(), failures, logged };
}

const procedures = listProcedures(appRouter);
const typeOf = (path: string): unknown => Reflect.get(Object(Reflect.get(Object(Reflect.get(appRouter._def.procedures, path)), '_def')), 'type');
const mutations = procedures.filter((path) => typeOf(path) === 'mutation');
const queries = procedures.filter((path) => typeOf(path) === 'query');

test('every procedure either reads or changes, and there are some of both', () => {
  expect([...mutations, ...queries].sort()).toEqual([...procedures].sort());
  expect([mutations.includes('budgets.create'), queries.includes('overview.get')]).toEqual([true, true]);
});

describe('who may call what', () => {
  it.each(procedures)('%s answers nobody without a session, by GET or by POST, alone or in a batch', async (path) => {
    for (const method of ['GET', 'POST']) {
      const one = await ask(path, { session: null, method });
      expect([401, 405]).toContain(one.status);
      expect(one.text).toContain('"error"');
      const batch = await ask(`${path},health.get?batch=1`, { session: null, method });
      expect(batch.text).not.toContain('"result"');
    }
  });

  it.each(mutations)('%s changes something, so a viewer is refused with 403 before the input is looked at', async (path) => {
    expect((await ask(path, { session: viewer, body: '{"nonsense":1}' })).status).toBe(403);
    expect([401, 403, 405]).not.toContain((await ask(path, { session: { ...viewer, role: 'operator' }, body: '{"nonsense":1}' })).status);
  });

  it.each(mutations)('%s runs by POST only: a link changes nothing', async (path) => {
    expect((await ask(path)).status).toBe(405);
  });

  it.each(queries)('%s is open to a viewer', async (path) => {
    expect([401, 403, 405]).not.toContain((await ask(path, { session: viewer })).status);
  });
});

describe('the words of an answer', () => {
  it('name the faults of an input by the contract, and never what was sent', async () => {
    const input = encodeURIComponent(JSON.stringify({ range: SECRET, from: 7 }));
    const { status, text, failures, logged } = await ask(`overview.get?input=${input}`);
    expect(status).toBe(400);
    const message: unknown = expect.stringContaining('range must be one of 24h, 7d, 30d');
    expect(JSON.parse(text)).toMatchObject({ error: { message, data: { issues: { fieldErrors: { range: [expect.any(String)] } } } } });
    expect(text).not.toContain('hunter2');
    expect(failures).toEqual([{ path: 'overview.get', httpStatus: 400 }]);
    expect(logged).toEqual([]);
  });

  it('name what only the time zone shows of an input in the same way', async () => {
    const input = encodeURIComponent(JSON.stringify({ range: '30d', bucket: '5min' }));
    const { status, text } = await ask(`overview.get?input=${input}`);
    expect(status).toBe(400);
    const words = 'must be one of hour, day, week, month for a range of this length';
    expect(JSON.parse(text)).toMatchObject({ error: { message: `bucket ${words}`, data: { issues: { fieldErrors: { bucket: [words] } } } } });
  });

  it('tell nothing of a failure that is ours, which is logged once under the id of the request', async () => {
    const report = () => {
      throw new Error(SECRET);
    };
    const { status, text, failures, logged } = await ask('health.get', { context: { health: fakeHealth({ report }) } });
    expect(status).toBe(500);
    expect(JSON.parse(text)).toMatchObject({ error: { message: 'Something went wrong on our side.', data: { code: 'INTERNAL_SERVER_ERROR', issues: null } } });
    expect(text).not.toMatch(/hunter2|stack|\.ts/);
    expect(failures).toEqual([{ path: 'health.get', httpStatus: 500 }]);
    expect(logged).toHaveLength(1);
    expect(logged[0]).toContain('id-of-the-request');
    expect(logged[0]).toContain(SECRET);
  });

  it('tell nothing of an output that breaks its own contract', async () => {
    const broken = { check: 'database', state: 'healthy', code: 'database_ok', detail: null, message: 'Fine.', latencyMs: -1, ageSeconds: 0 } as const;
    const report = (): HealthReport => ({ isHealthy: true, checks: [broken] });
    const { status, text } = await ask('health.get', { context: { health: fakeHealth({ report }) } });
    expect(status).toBe(500);
    expect(JSON.parse(text)).toMatchObject({ error: { message: 'Something went wrong on our side.', data: { issues: null } } });
    expect(text).not.toContain('latencyMs');
  });

  it('are the public ones of an expected error', async () => {
    const { status, text, failures, logged } = await ask('chat.list?input=%7B%7D');
    expect(status).toBe(404);
    expect(JSON.parse(text)).toMatchObject({ error: { message: 'There is a chat only in the sandbox.' } });
    expect([failures, logged]).toEqual([[{ path: 'chat.list', httpStatus: 404 }], []]);
  });
});

describe('a code of ours', () => {
  const codes: readonly ErrorCode[] = ['bad_input', 'unauthenticated', 'forbidden', 'not_found', 'conflict', 'too_many_requests', 'unavailable', 'internal'];

  it.each(codes)('%s has the same status over tRPC as over plain HTTP', (code) => {
    const cause = new AppError(code, 'words');
    expect(getHTTPStatusCodeFromError(toTrpcError(new TRPCError({ code: 'INTERNAL_SERVER_ERROR', cause })))).toBe(cause.httpStatus);
  });

  it('is given to our own errors alone', () => {
    const foreign = new TRPCError({ code: 'INTERNAL_SERVER_ERROR', cause: new Error('not ours') });
    expect(toTrpcError(foreign)).toBe(foreign);
  });
});

describe('a batch', () => {
  it('answers each call on its own and reports those that failed', async () => {
    const { status, text, failures } = await ask('health.get,chat.list,nope.nothing?batch=1&input=%7B%220%22%3A%7B%7D%2C%221%22%3A%7B%7D%7D');
    expect(status).toBe(207);
    const answers: unknown = JSON.parse(text);
    expect(answers).toMatchObject([{ result: { data: REPORT } }, { error: { data: { code: 'NOT_FOUND' } } }, { error: { data: { code: 'NOT_FOUND' } } }]);
    expect(failures.map(({ path, httpStatus }) => `${path} ${httpStatus}`).sort()).toEqual(['chat.list 404', 'nope.nothing 404']);
  });

  it('of more than ten runs nothing at all', async () => {
    let runs = 0;
    const health = fakeHealth({ report: () => ((runs += 1), REPORT) });
    const refused = await ask(`${Array(11).fill('health.get').join(',')}?batch=1&input=%7B%7D`, { context: { health } });
    expect([refused.status, runs]).toEqual([400, 0]);
    await ask(`${Array(10).fill('health.get').join(',')}?batch=1&input=%7B%7D`, { context: { health } });
    expect(runs).toBe(10);
  });

  const malformed = ['{', '[]', '"text"', 'null', '{"0":', '\u0000', '{"__proto__":{"requestId":1}}'];
  it.each(malformed)('whose input is %j is refused in words, and is no failure of ours', async (input) => {
    const { text, failures, logged } = await ask(`generations.get?batch=1&input=${encodeURIComponent(input)}`);
    expect(text).toContain('"code":"BAD_REQUEST"');
    expect([failures.map(({ httpStatus }) => httpStatus), logged]).toEqual([[400], []]);
  });

  it('with the same input twice is read as one of them, never as a list', async () => {
    const input = (id: string) => `input=${encodeURIComponent(JSON.stringify({ requestId: id }))}`;
    const { status, text } = await ask(`generations.get?${input('first')}&${input('second')}`);
    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ error: { data: { issues: { formErrors: [], fieldErrors: { requestId: [expect.any(String)] } } } } });
  });
});
