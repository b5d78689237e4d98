// Runs before `npm start`, `npm run dev`, `npm test` and `npm run bench`, on whatever Node the machine has and before
// anything is installed: so plain JavaScript, Node's own modules only.
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildIfStale, generateStyles, isBuildFresh } from './prepare/build.mjs';
import { ensureNode24, installIfStale, isInstallFresh } from './prepare/install.mjs';
import { withLock } from './prepare/lock.mjs';
import { PrepareError, say } from './prepare/run.mjs';

const MODES = ['start', 'dev', 'test', 'bench'];
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const mode = process.argv[2] ?? '';

try {
  if (!MODES.includes(mode)) throw new PrepareError(`usage: node scripts/prepare.mjs <${MODES.join('|')}>`);
  const needsBuild = mode !== 'dev';
  if (!isInstallFresh(root) || (needsBuild && !isBuildFresh(root))) {
    mkdirSync(join(root, 'build'), { recursive: true });
    await withLock(join(root, 'build', '.prepare.lock'), async () => {
      await installIfStale(root);
      if (needsBuild) await buildIfStale(root);
    });
  }
  ensureNode24(root);
  if (mode === 'dev') await generateStyles(root);
} catch (error) {
  if (!(error instanceof PrepareError)) throw error;
  say(error.message);
  process.exitCode = 1;
}
