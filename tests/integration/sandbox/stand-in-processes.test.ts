import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, test } from 'vitest';
import { isAlive, sourceOf, type StandInName } from '#tests/support/sandbox.ts';
import { ANNA, createTelegramControl, TELEGRAM_TEST_TOKEN } from '#tests/support/telegram.ts';

const started: ChildProcessWithoutNullStreams[] = [];

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

function run(name: StandInName, ...flags: string[]): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, [sourceOf(name), ...flags]);
  started.push(child);
  return child;
}

async function readyLine(child: ChildProcessWithoutNullStreams): Promise<Record<string, string>> {
  const [line] = await once(createInterface({ input: child.stdout }), 'line', { signal: AbortSignal.timeout(20_000) });
  return JSON.parse(String(line));
}

describe('the Telegram stand-in as a process', () => {
  test('says where it listens, serves there, and ends when its stdin closes', async () => {
    const child = run('telegram', '--token', TELEGRAM_TEST_TOKEN);
    const ready = await readyLine(child);
    expect(ready).toEqual({
      ready: true,
      apiRoot: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      controlUrl: `${ready['apiRoot']}/control`,
    });
    await createTelegramControl(ready['controlUrl'] ?? '').write(ANNA, '/start');
    const answer = await fetch(`${ready['apiRoot']}/bot${TELEGRAM_TEST_TOKEN}/getUpdates`);
    expect(await answer.json()).toMatchObject({ ok: true, result: [{ message: { text: '/start' } }] });
    child.stdin.end();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test('ends on SIGTERM, also while a poll waits', async () => {
    const child = run('telegram', '--token', TELEGRAM_TEST_TOKEN);
    const ready = await readyLine(child);
    const waiting = fetch(`${ready['apiRoot']}/bot${TELEGRAM_TEST_TOKEN}/getUpdates?timeout=50`).catch((error: unknown) => error);
    const control = createTelegramControl(ready['controlUrl'] ?? '');
    await expect.poll(() => control.pending()).toMatchObject({ isPolling: true });
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    await waiting;
  });

  test.each([
    [['--token', 'nonsense'], '<digits>:<secret>'],
    [[], '<digits>:<secret>'],
    [['--token', TELEGRAM_TEST_TOKEN, '--port', '70000'], '--port must be a number'],
    [['--token', TELEGRAM_TEST_TOKEN, '--latency', 'soon'], '--latency must be a number'],
    [['--unknown', 'x'], 'Unknown option'],
  ])('with the flags %j it ends at once and says why', async (flags, reason) => {
    const child = run('telegram', ...flags);
    let printed = '';
    child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(printed).toContain(reason);
  });
});

describe('the crowd as a process', () => {
  test('uses the bot at the stand-in, and dies with a parent that is killed', async () => {
    const telegram = run('telegram', '--token', TELEGRAM_TEST_TOKEN);
    const { controlUrl = '' } = await readyLine(telegram);
    const parent = spawn(process.execPath, [
      '-e',
      `const child = require('node:child_process').spawn(process.execPath, process.argv.slice(1), { stdio: ['pipe', 'inherit', 'inherit'] }); console.log(child.pid); setInterval(() => {}, 1000);`,
      '--',
      ...[sourceOf('crowd'), '--control-url', controlUrl, '--users', '5', '--seed', '7', '--rate-scale', '1000'],
    ]);
    started.push(parent);
    const [line] = await once(createInterface({ input: parent.stdout }), 'line');
    const crowdPid = Number(line);
    await expect
      .poll(
        () =>
          createTelegramControl(controlUrl)
            .pending()
            .then(({ count }) => count),
        { timeout: 15_000 },
      )
      .toBeGreaterThan(0);
    expect(isAlive(crowdPid)).toBe(true);
    parent.kill('SIGKILL');
    await expect.poll(() => isAlive(crowdPid), { timeout: 10_000 }).toBe(false);
  });

  test('does not start without a place to go', async () => {
    expect(await once(run('crowd', '--control-url', 'nowhere'), 'exit')).toEqual([1, null]);
  });
});
