import { spawn } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

/** Does what npm would do to the folder, and writes down that it was called. */
const FAKE_NPM = `#!/bin/sh
echo "$@" >> calls.log
if [ -f npm-fails ]; then echo "npm says why"; exit 7; fi
sleep 0.3
case "$1" in
  ci) mkdir -p node_modules/.bin && ln -sf "$FAKE_NODE" node_modules/.bin/node && cp package-lock.json node_modules/.package-lock.json ;;
  run) mkdir -p build/server && echo built > build/server/index.js ;;
esac
`;

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'adtrobot-prepare-'));
  cpSync('scripts', join(root, 'scripts'), { recursive: true });
  for (const dir of ['bin', 'app/styles', 'server']) mkdirSync(join(root, dir), { recursive: true });
  writeFileSync(join(root, 'bin', 'npm'), FAKE_NPM);
  chmodSync(join(root, 'bin', 'npm'), 0o755);
  writeFileSync(join(root, 'server', 'index.ts'), 'start();');
  writeLock('1.0.0');
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function writeLock(version: string): void {
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: { '': {}, 'node_modules/a': { version }, 'node_modules/mac': { version, optional: true } } }));
}

async function prepare(mode: string, env: Record<string, string> = {}): Promise<{ code: number | null; output: string; durationMs: number }> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['scripts/prepare.mjs', mode], {
    cwd: root,
    env: { ...process.env, NODE_OPTIONS: '', FAKE_NODE: process.execPath, PATH: [join(root, 'bin'), process.env['PATH'] ?? ''].join(delimiter), ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, output, durationMs: performance.now() - startedAt };
}

function calls(): readonly string[] {
  const path = join(root, 'calls.log');
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n').map((line) => line.split(' ')[0] ?? '') : [];
}

test('a fresh clone is installed, then built, and both are said', async () => {
  const { code, output } = await prepare('start');
  expect({ code, calls: calls() }).toEqual({ code: 0, calls: ['ci', 'run'] });
  expect(output).toMatch(/Installing packages[\s\S]*done[\s\S]*Building[\s\S]*done/);
});

test('a second time does nothing, says nothing and is fast', async () => {
  await prepare('start');
  const second = await prepare('start');
  expect(calls()).toEqual(['ci', 'run']);
  expect(second.output).toBe('');
  expect(second.durationMs).toBeLessThan(5_000);
});

test('a changed source is built again without an install', async () => {
  await prepare('start');
  writeFileSync(join(root, 'server', 'index.ts'), 'startOtherwise();');
  await prepare('start');
  expect(calls()).toEqual(['ci', 'run', 'run']);
});

test('a changed lock file is installed and built again', async () => {
  await prepare('start');
  writeLock('2.0.0');
  await prepare('start');
  expect(calls()).toEqual(['ci', 'run', 'ci', 'run']);
});

test('what npm install brought is taken as it is, packages for other machines may be missing', async () => {
  mkdirSync(join(root, 'node_modules', '.bin'), { recursive: true });
  symlinkSync(process.execPath, join(root, 'node_modules', '.bin', 'node'));
  writeFileSync(join(root, 'node_modules', '.package-lock.json'), JSON.stringify({ packages: { 'node_modules/a': { version: '1.0.0' } } }));
  await prepare('test');
  expect(calls()).toEqual(['run']);
});

test.each([
  ['another version', { 'node_modules/a': { version: '0.9.0' } }],
  ['a package missing', {}],
  ['a package too many', { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '1.0.0' } }],
])('%s is installed anew', async (_name, packages) => {
  mkdirSync(join(root, 'node_modules'));
  writeFileSync(join(root, 'node_modules', '.package-lock.json'), JSON.stringify({ packages }));
  await prepare('start');
  expect(calls()).toEqual(['ci', 'run']);
});

test('an install brings the development packages also where NODE_ENV is production, because the build needs them', async () => {
  await prepare('start', { NODE_ENV: 'production' });
  expect(readFileSync(join(root, 'calls.log'), 'utf8')).toContain('ci --include=dev --include=optional');
});

test('two that start together install and build once', async () => {
  const [first, second] = await Promise.all([prepare('start'), prepare('start')]);
  expect([first.code, second.code]).toEqual([0, 0]);
  expect(calls()).toEqual(['ci', 'run']);
});

test('the lock of a killed prepare is taken over', async () => {
  const dead = spawn(process.execPath, ['--version']);
  await new Promise((resolve) => dead.once('close', resolve));
  mkdirSync(join(root, 'build'));
  writeFileSync(join(root, 'build', '.prepare.lock'), String(dead.pid));
  expect(await prepare('start')).toMatchObject({ code: 0 });
  expect(existsSync(join(root, 'build', '.prepare.lock'))).toBe(false);
});

test('a failed install shows what npm said, fails, and the next one tries again', async () => {
  writeFileSync(join(root, 'npm-fails'), '');
  const failed = await prepare('start');
  expect(failed.code).toBe(1);
  expect(failed.output).toContain('npm says why');
  expect(failed.output).not.toContain('at file:');
  rmSync(join(root, 'npm-fails'));
  expect(await prepare('start')).toMatchObject({ code: 0 });
});

test('an old Node in its place is refused in plain words', async () => {
  await prepare('start');
  rmSync(join(root, 'node_modules', '.bin', 'node'));
  writeFileSync(join(root, 'node_modules', '.bin', 'node'), '#!/bin/sh\necho v18.0.0\n', { mode: 0o755 });
  const { code, output } = await prepare('start');
  expect(code).toBe(1);
  expect(output).toContain('is Node v18.0.0, not 24');
});

test('a word that is no mode is refused', async () => {
  expect(await prepare('fly')).toMatchObject({ code: 1, output: expect.stringContaining('start|dev|test|bench') as string });
});
