import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runQuietly } from './run.mjs';

/** What the build is made from; a change in any of it makes the build stale. */
const SOURCE_DIRS = ['app', 'server', 'db', 'public'];
const SOURCE_FILES = ['package.json', 'package-lock.json', 'tsconfig.json', 'vite.config.ts', 'remix.config.js'];
const STYLES_DIR = 'app/styles';
const STYLES_FILE = 'antd.gen.css';

/** @param {string} root */
export function isBuildFresh(root) {
  const stamp = stampPath(root);
  if (!existsSync(stamp) || !existsSync(join(root, 'build', 'server', 'index.js'))) return false;
  return readFileSync(stamp, 'utf8') === sourceHash(root);
}

/** @param {string} root */
export async function buildIfStale(root) {
  if (isBuildFresh(root)) return;
  // Taken before the build: what changes while it runs makes the next start build again.
  const hash = sourceHash(root);
  await runQuietly({ what: 'Building (about half a minute)', program: 'npm', args: ['run', 'build', '--silent'], cwd: root });
  writeFileSync(stampPath(root), hash);
}

/** Makes the stylesheet of the component library when its sources are newer. @param {string} root */
export async function generateStyles(root) {
  const dir = join(root, STYLES_DIR);
  const madeAtMs = modifiedAtMs(join(dir, STYLES_FILE));
  const sources = readdirSync(dir).filter((name) => !name.includes('.gen.'));
  if (sources.every((name) => modifiedAtMs(join(dir, name)) < madeAtMs)) return;
  const program = join(root, 'node_modules', '.bin', 'node');
  await runQuietly({ what: 'Making the stylesheet', program, args: [`${STYLES_DIR}/generate-antd-css.ts`], cwd: root });
}

/** @param {string} path */
function modifiedAtMs(path) {
  return existsSync(path) ? statSync(path).mtimeMs : 0;
}

/** @param {string} root */
function sourceHash(root) {
  const hash = createHash('sha256');
  const files = SOURCE_DIRS.flatMap((dir) => listFiles(join(root, dir)));
  for (const file of [...files, ...SOURCE_FILES.map((name) => join(root, name))]) {
    if (!existsSync(file)) continue;
    hash.update(file.slice(root.length)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

/** @param {string} dir @returns {string[]} */
function listFiles(dir) {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.includes('.gen.'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/** @param {string} root */
function stampPath(root) {
  return join(root, 'build', '.stamp');
}
