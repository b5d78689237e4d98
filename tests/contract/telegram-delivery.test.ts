import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ANNA, BEN, startTestTelegram, type TestTelegram } from '#tests/support/telegram.ts';

const CLARA = { id: 7_000_000_003, firstName: 'Clara' };

let telegram: TestTelegram;
const receivers: Server[] = [];

beforeEach(async () => {
  telegram = await startTestTelegram();
});
afterEach(async () => {
  await telegram.close();
  for (const server of receivers.splice(0)) {
    server.closeAllConnections();
    await new Promise<void>((resolve) => void server.close(() => resolve()));
  }
});

/** A webhook that notes the text of each update, and the address to give to Telegram. */
async function receive(answer: (text: string, res: ServerResponse) => void) {
  const texts: string[] = [];
  const server = createServer((req, res) => {
    void readText(req).then((text) => {
      texts.push(text);
      answer(text, res);
    });
  });
  receivers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { texts, url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/` };
}

async function readText(req: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of req) body += String(chunk);
  return JSON.parse(body).message?.text ?? '';
}

/** Another stand-in, whose deliveries are tried again when the test says so. */
async function holdRetries() {
  await telegram.close();
  const [failure, retry] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  telegram = await startTestTelegram({ waitForRetry: () => (failure.resolve(), retry.promise) });
  return { failed: failure.promise, retry: retry.resolve };
}

const ok = (_text: string, res: ServerResponse): void => void res.end();
const pendingCount = async () => (await telegram.control.pending()).count;

describe('deliveries', () => {
  test('at the same time are never more than max_connections, and all are made in the end', async () => {
    const open: ServerResponse[] = [];
    const { texts, url } = await receive((_text, res) => void open.push(res));
    await telegram.api.setWebhook(url, { max_connections: 2 });
    for (const person of [ANNA, BEN, CLARA]) await telegram.control.write(person, person.firstName);
    await expect.poll(() => open.length).toBe(2);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect([open.length, await pendingCount()]).toEqual([2, 3]);
    open.shift()?.end();
    await expect.poll(() => texts).toEqual(['Анна', 'Ben', 'Clara']);
    for (const res of open.splice(0)) res.end();
    await expect.poll(pendingCount).toBe(0);
  });

  test("of one chat keep their order through failures, and hold up nobody else's", async () => {
    const { failed, retry } = await holdRetries();
    let failuresLeft = 1;
    const { texts, url } = await receive((text, res) => {
      res.statusCode = text === 'first' && failuresLeft-- > 0 ? 503 : 200;
      res.end();
    });
    await telegram.api.setWebhook(url);
    await telegram.control.write(ANNA, 'first');
    await telegram.control.write(ANNA, 'second');
    await failed;
    await telegram.control.write(BEN, 'other');
    await expect.poll(() => texts, { timeout: 5_000 }).toContain('other');
    retry();
    await expect.poll(pendingCount, { timeout: 10_000 }).toBe(0);
    expect(texts).toEqual(['first', 'other', 'first', 'second']);
  });

  test('are tried again at growing distances', async () => {
    const atMs: number[] = [];
    const { url } = await receive((_text, res) => {
      atMs.push(performance.now());
      res.statusCode = 500;
      res.end();
    });
    await telegram.api.setWebhook(url);
    await telegram.control.write(ANNA, 'hi');
    await expect.poll(() => atMs.length, { timeout: 10_000 }).toBe(3);
    const [first = 0, second = 0, third = 0] = atMs;
    expect(second - first).toBeGreaterThanOrEqual(950);
    expect(third - second).toBeGreaterThanOrEqual(1_900);
  });

  test('end with the webhook, and what was not taken waits for a poll', async () => {
    const { failed, retry } = await holdRetries();
    const { texts, url } = await receive((_text, res) => {
      res.statusCode = 500;
      res.end();
    });
    await telegram.api.setWebhook(url);
    await telegram.control.write(ANNA, 'hi');
    await failed;
    await telegram.api.deleteWebhook();
    expect((await telegram.api.getUpdates()).map(({ message }) => message?.text)).toEqual(['hi']);
    retry();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(texts).toEqual(['hi']);
  });

  test('are not tried again once what waited was dropped', async () => {
    const { failed, retry } = await holdRetries();
    const { texts, url } = await receive((text, res) => {
      res.statusCode = text === 'old' ? 500 : 200;
      res.end();
    });
    await telegram.api.setWebhook(url);
    await telegram.control.write(ANNA, 'old');
    await failed;
    await telegram.api.setWebhook(url, { drop_pending_updates: true });
    await telegram.control.write(ANNA, 'new');
    retry();
    await expect.poll(() => texts, { timeout: 5_000 }).toEqual(['old', 'new']);
  });

  test('move to a new address with what waits, and the old failure is forgotten', async () => {
    const broken = await receive((_text, res) => void res.destroy());
    await telegram.api.setWebhook(broken.url);
    await telegram.control.write(ANNA, 'hi');
    await expect.poll(() => telegram.api.getWebhookInfo()).toMatchObject({ last_error_message: 'Connection failed' });
    const working = await receive(ok);
    await telegram.api.setWebhook(working.url);
    expect(await telegram.api.getWebhookInfo()).not.toHaveProperty('last_error_message');
    await expect.poll(() => working.texts, { timeout: 5_000 }).toEqual(['hi']);
    await expect.poll(pendingCount).toBe(0);
  });

  test('that fail at an address given up meanwhile do not count against the new one', async () => {
    const open: ServerResponse[] = [];
    const slow = await receive((_text, res) => void open.push(res));
    await telegram.api.setWebhook(slow.url);
    await telegram.control.write(ANNA, 'hi');
    await expect.poll(() => open.length).toBe(1);
    const working = await receive(ok);
    await telegram.api.setWebhook(working.url);
    open[0]?.writeHead(500).end();
    await expect.poll(() => working.texts, { timeout: 5_000 }).toEqual(['hi']);
    expect(await telegram.api.getWebhookInfo()).not.toHaveProperty('last_error_message');
  });

  test('that hang do not keep the stand-in from closing', async () => {
    const { texts, url } = await receive(() => undefined);
    await telegram.api.setWebhook(url);
    await telegram.control.write(ANNA, 'hi');
    await expect.poll(() => texts).toEqual(['hi']);
    const startedAtMs = performance.now();
    await telegram.close();
    expect(performance.now() - startedAtMs).toBeLessThan(2_000);
  });
});

describe('the body of an answer', () => {
  async function answerWith(body: string) {
    const { url } = await receive((_text, res) => void res.end(body));
    await telegram.api.setWebhook(url);
    await telegram.control.write(ANNA, 'hi');
    await expect.poll(pendingCount).toBe(0);
    return url;
  }

  test.each([['not JSON'], ['null'], ['[]'], ['{}'], ['{"method":5}'], ['{"method":"nonsense"}']])('may be %s', async (body) => {
    await answerWith(body);
    expect(await telegram.control.journal(ANNA.id)).toEqual([]);
  });

  test('that is refused as a call is not delivered again', async () => {
    await answerWith(JSON.stringify({ method: 'sendMessage', chat_id: ANNA.id, text: '' }));
    expect(await telegram.control.journal(ANNA.id)).toMatchObject([{ ok: false, description: 'Bad Request: message text is empty' }]);
  });

  test.each([['deleteWebhook'], ['SETWEBHOOK'], ['getMe']])('cannot call %s', async (method) => {
    const url = await answerWith(JSON.stringify({ method }));
    expect(await telegram.api.getWebhookInfo()).toMatchObject({ url });
    expect((await telegram.control.journal()).map((entry) => entry.method)).toEqual(['setWebhook', 'getWebhookInfo']);
  });
});
