import { spawnSync } from 'node:child_process';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { eventually, findFreePort, spawnServer, type ServerProcess } from '#tests/support/processes.ts';

/*
 * The exposition of the built server, on both of its listeners.
 */
const TOKEN = 'a-long-metrics-token';
const AUTHORIZED = { authorization: `Bearer ${TOKEN}` };
const SCRAPE_COUNT = 2_000;

let database: TestDatabase;
let server: ServerProcess;
let listeners: readonly string[];
beforeAll(async () => {
  database = await createTestDatabase();
  const managementPort = String(await findFreePort());
  server = await spawnServer({
    DATABASE_URL: database.url,
    SESSION_SECRET: 'a-secret-of-this-very-test',
    OPENROUTER_API_KEY: 'sk-or-v1-test-0123456789',
    OPENROUTER_BASE_URL: 'http://127.0.0.1:1',
    METRICS_TOKEN: TOKEN,
    MANAGEMENT_PORT: managementPort,
    MANAGEMENT_HOST: '127.0.0.1',
  });
  listeners = [server.baseUrl, `http://127.0.0.1:${managementPort}`];
});
afterAll(async () => {
  await server.end();
  await database.drop();
});

/** Sends bytes as they are; gives the first line of the answer. */
function sendRaw(baseUrl: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(baseUrl);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let text = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
    socket.on('close', () => resolve(text)).on('error', reject);
  });
}

const renderedAt = (page: string): number => Number(/^adtrobot_rendered_timestamp_seconds (\S+)$/m.exec(page)?.[1]);

const statementsOf = async (): Promise<number> => {
  const [row] = await database.handle.sql<{ count: number }[]>`select (xact_commit + xact_rollback)::int as count from pg_stat_database where datname = current_database()`;
  return row?.count ?? Number.NaN;
};

describe('both listeners', () => {
  it('give a page that promtool has nothing to say about', async () => {
    for (const baseUrl of listeners) {
      const response = await fetch(`${baseUrl}/metrics`, { headers: AUTHORIZED });
      expect([response.status, response.headers.get('content-encoding')]).toEqual([200, 'gzip']);
      const { error, stdout, stderr, status } = spawnSync('promtool', ['check', 'metrics'], { input: await response.text(), encoding: 'utf8' });
      expect(error, 'promtool must be on the PATH').toBeUndefined();
      expect([stdout + stderr, status]).toEqual(['', 0]);
    }
  });

  it('give OpenMetrics to whom asks for it, compressed and not, with the same samples', async () => {
    for (const baseUrl of listeners) {
      const ask = (encoding: string) => fetch(`${baseUrl}/metrics`, { headers: { ...AUTHORIZED, accept: 'application/openmetrics-text;version=1.0.0', 'accept-encoding': encoding } });
      // A page is rendered anew after a second, and a server that has just started has new series by then.
      const { zipped, plain, unzipped, page } = await eventually('two answers of one rendering', async () => {
        const [zipped, plain] = [await ask('gzip'), await ask('identity')];
        const [unzipped, page] = [await zipped.text(), await plain.text()];
        return renderedAt(unzipped) === renderedAt(page) && { zipped, plain, unzipped, page };
      });
      expect(plain.headers.get('content-type')).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
      expect([zipped.headers.get('content-encoding'), plain.headers.get('content-encoding')]).toEqual(['gzip', null]);
      expect(page).toMatch(/\n# EOF\n$/);
      expect(unzipped).toBe(page);
    }
  });

  it('are compressed once: what arrives is one layer of gzip', async () => {
    for (const baseUrl of listeners) {
      const raw = await sendRaw(baseUrl, `GET /metrics HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKEN}\r\nAccept-Encoding: gzip, br\r\nConnection: close\r\n\r\n`);
      expect(gunzipSync(Buffer.from(raw.slice(raw.indexOf('\r\n\r\n') + 4), 'latin1')).toString()).toContain('# TYPE adtrobot_rendered_timestamp_seconds gauge');
    }
  });

  it('ask for the token, refuse other methods with 405, answer HEAD without a body', async () => {
    for (const baseUrl of listeners) {
      for (const authorization of ['', 'Bearer wrong', `Bearer ${TOKEN}x`]) expect((await fetch(`${baseUrl}/metrics`, { headers: { authorization } })).status).toBe(401);
      expect((await fetch(`${baseUrl}/metrics`, { method: 'POST', headers: AUTHORIZED, body: 'x' })).status).toBe(405);
      const head = await fetch(`${baseUrl}/metrics`, { method: 'HEAD', headers: { ...AUTHORIZED, 'accept-encoding': 'identity' } });
      expect([head.status, await head.text()]).toEqual([200, '']);
      expect(Number(head.headers.get('content-length'))).toBeGreaterThan(10_000);
    }
  });

  it('answer a malformed Accept with text, and headers over 16 kB with 431', async () => {
    for (const baseUrl of listeners) {
      for (const accept of ['%%%', ';,;,', `text/plain,${'x'.repeat(6_000)}`]) {
        const response = await fetch(`${baseUrl}/metrics`, { headers: { ...AUTHORIZED, accept } });
        expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
      }
      expect(await sendRaw(baseUrl, `GET /metrics HTTP/1.1\r\nHost: x\r\nAccept: ${'x'.repeat(17_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
    }
  });
});

describe('a scrape', () => {
  it('runs no statement: Postgres counts as many while thousands scrape as in the same time without', async () => {
    const count = async (work: () => Promise<unknown>): Promise<number> => {
      const before = await statementsOf();
      await work();
      // Backends report what they did within a second.
      await sleep(1_500);
      return (await statementsOf()) - before;
    };
    const scrape = async () => {
      for (let done = 0; done < SCRAPE_COUNT; done += 50) {
        await Promise.all(Array.from({ length: 50 }, async (_, index) => (await fetch(`${listeners[index % 2]}/metrics`, { headers: AUTHORIZED })).arrayBuffer()));
      }
    };
    const startedMs = performance.now();
    const during = await count(scrape);
    const durationMs = performance.now() - startedMs;
    const without = await count(() => sleep(durationMs - 1_500));
    expect(during - without).toBeLessThan(SCRAPE_COUNT / 20);
  });

  it('of either listener shows when it was rendered, a moment ago', async () => {
    for (const baseUrl of listeners) {
      const age = async () => {
        const page = await (await fetch(`${baseUrl}/metrics`, { headers: AUTHORIZED })).text();
        return Date.now() / 1_000 - renderedAt(page);
      };
      await eventually('a fresh rendering', async () => (await age()) < 3);
    }
  });
});
