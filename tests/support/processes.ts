import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { sourceOf } from './sandbox.ts';

const START_TIMEOUT_MS = 60_000;
const POLL_INTERVAL_MS = 50;

/** Asks again and again until the answer is neither null, undefined nor false; the deadline names what never came. */
export async function eventually<T>(what: string, ask: () => Promise<T | null | undefined | false> | T | null | undefined | false, timeoutMs = 30_000): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== undefined && answer !== false) return answer;
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`);
    await sleep(POLL_INTERVAL_MS);
  }
}

/** Below those that the system gives to whoever asks for any, as other tests do at the same time. */
const PORTS = { min: 20_000, max: 32_000 };

/** A port that nothing listens on at the moment, for a process that is started a while later. */
export async function findFreePort(): Promise<number> {
  for (;;) {
    const port = randomInt(PORTS.min, PORTS.max);
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(() => true, () => false);
    server.close();
    if (isFree) return port;
  }
}

async function endProcess(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill(signal);
    await once(child, 'exit');
  }
  return child.exitCode;
}

/** A stand-in as a process of its own, and what its ready line says. */
export async function spawnStandIn(name: 'openrouter' | 'telegram', flags: readonly string[]) {
  const child = spawn(process.execPath, [sourceOf(name), ...flags], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { ready: JSON.parse(line) as Record<string, string>, stop: () => endProcess(child, 'SIGTERM') };
}

/** The built server as a process of its own. */
export interface ServerProcess {
  readonly baseUrl: string;
  readonly pid: number;
  /** All that it printed so far. */
  output(): string;
  /** Ends it by a signal and waits for the end; gives the exit code, null when the signal itself ended it. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts `build/server/index.js` with this environment only, and waits until it says that it is ready. */
export async function spawnServer(env: Readonly<Record<string, string>>): Promise<ServerProcess> {
  const port = env['PORT'] ?? String(await findFreePort());
  const child = spawn(process.execPath, ['--enable-source-maps', 'build/server/index.js'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { NODE_ENV: 'production', PATH: process.env['PATH'], HOME: process.env['HOME'], HOST: '127.0.0.1', SHUTDOWN_GRACE_SECONDS: '0', ...env, PORT: port },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const server = { baseUrl: `http://127.0.0.1:${port}`, pid: child.pid ?? 0, output: () => output, end: (signal: NodeJS.Signals = 'SIGTERM') => endProcess(child, signal) };
  await eventually(
    'the server to be ready',
    () => {
      if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}:\n${output}`);
      return output.includes('AdtroBot is ready');
    },
    START_TIMEOUT_MS,
  ).catch(async (error: unknown) => {
    await server.end('SIGKILL');
    throw new Error(`${String(error)}; it printed:\n${output}`);
  });
  return server;
}

/** Logs in as a browser would; gives the session's cookie. */
export async function logIn(baseUrl: string, owner: { readonly email: string; readonly password: string }): Promise<string> {
  const response = await fetch(`${baseUrl}/login`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: baseUrl, 'sec-fetch-site': 'same-origin' },
    body: new URLSearchParams(owner),
  });
  const [cookie] = response.headers.get('set-cookie')?.split(';') ?? [];
  if (!cookie) throw new Error(`log-in failed with ${response.status}: ${await response.text()}`);
  return cookie;
}
