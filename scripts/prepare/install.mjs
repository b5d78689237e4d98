import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { environmentOutsideModules, PrepareError, runQuietly } from './run.mjs';

const NODE_MAJOR_MIN = 24;

/** Whether what is installed is what the lock file says. @param {string} root */
export function isInstallFresh(root) {
  const stamp = stampPath(root);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lockHash(root)) return true;
  if (!agreesWithLock(root)) return false;
  writeFileSync(stamp, lockHash(root));
  return true;
}

/** @param {string} root */
export async function installIfStale(root) {
  if (isInstallFresh(root)) return;
  const wanted = Object.entries(readPackages(join(root, 'package-lock.json'))).filter(([, { optional }]) => optional !== true);
  const countUnpacked = () => wanted.filter(([path]) => existsSync(join(root, path, 'package.json'))).length;
  await runQuietly({
    what: 'Installing packages (a first time takes about a minute)',
    program: 'npm',
    // The build needs the development packages, also where NODE_ENV=production would leave them out.
    args: ['ci', '--include=dev', '--include=optional', '--loglevel=error', '--no-audit', '--no-fund'],
    cwd: root,
    env: environmentOutsideModules(),
    detail: () => `, ${countUnpacked()} of ${wanted.length} packages unpacked`,
  });
  writeFileSync(stampPath(root), lockHash(root));
}

/** Everything else runs on `node_modules/.bin/node`, which npm brings where a package for the machine exists. @param {string} root */
export function ensureNode24(root) {
  const path = join(root, 'node_modules', '.bin', 'node');
  if (!existsSync(path)) {
    if (majorOf(process.version) < NODE_MAJOR_MIN) throw new PrepareError(missingNodeAdvice());
    symlinkSync(process.execPath, path);
  }
  const version = spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout ?? '';
  if (majorOf(version) < NODE_MAJOR_MIN) {
    throw new PrepareError(`${path} is Node ${version.trim() || 'of unknown version'}, not ${NODE_MAJOR_MIN}. Remove node_modules and start again.`);
  }
}

function missingNodeAdvice() {
  return (
    `AdtroBot runs on Node ${NODE_MAJOR_MIN}, and npm brings it for Linux on x64 and arm64 only. This machine ` +
    `(${process.platform}-${process.arch}) has Node ${process.version}: install Node ${NODE_MAJOR_MIN} and start again.`
  );
}

/** npm keeps a lock file of what it installed; only packages for other machines may be missing from it. @param {string} root */
function agreesWithLock(root) {
  const installedPath = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installedPath)) return false;
  const wanted = readPackages(join(root, 'package-lock.json'));
  const installed = readPackages(installedPath);
  const isMissing = Object.entries(wanted).some(([path, { version, optional }]) => {
    const found = installed[path];
    return found === undefined ? optional !== true : found.version !== version;
  });
  return !isMissing && Object.keys(installed).every((path) => path in wanted);
}

/**
 * @param {string} path
 * @returns {Record<string, {version?: string, optional?: boolean}>}
 */
function readPackages(path) {
  const { packages } = JSON.parse(readFileSync(path, 'utf8'));
  return Object.fromEntries(Object.entries(packages).filter(([name]) => name !== ''));
}

/** @param {string} root */
function stampPath(root) {
  return join(root, 'node_modules', '.adtrobot-install');
}

/** @param {string} root */
function lockHash(root) {
  return createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex');
}

/** @param {string} version */
function majorOf(version) {
  return Number.parseInt(version.replace(/^v/, ''), 10) || 0;
}
