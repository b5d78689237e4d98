import { join } from 'node:path';
import express, { Router } from 'express';

/** Files of the client build whose names are not hashed. */
const ROOT_FILES_MAX_AGE_MS = 3_600_000;

/** Serves the client build: hashed files for a year, the others for an hour. No listing, no dotfiles, no source maps. */
export function createStaticAssets(clientDir: string): Router {
  const router = Router();
  router.use((req, res, next) => {
    // Decoded, as the file is looked up: `.ma%70` is the same file. The path is known to be well-formed.
    if (/\.map$/i.test(decodeURIComponent(req.path))) res.status(404).type('text/plain').send('Not found\n');
    else next();
  });
  const shared = { dotfiles: 'ignore', index: false, redirect: false } as const;
  router.use('/assets', express.static(join(clientDir, 'assets'), { ...shared, immutable: true, maxAge: '1y' }));
  // What is not there is not there: neither a page nor a log-in.
  router.use('/assets', (_req, res) => {
    res.status(404).type('text/plain').send('Not found\n');
  });
  router.use(express.static(clientDir, { ...shared, maxAge: ROOT_FILES_MAX_AGE_MS }));
  return router;
}
