import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { say } from './run.mjs';

const POLL_INTERVAL_MS = 200;

/**
 * Lets one prepare at a time through; a lock whose holder has died is taken over.
 * @template T
 * @param {string} path
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(path, work) {
  let wasTold = false;
  while (!tryLock(path)) {
    const holder = readHolder(path);
    if (holder !== null && !isAlive(holder)) rmSync(path, { force: true });
    else if (!wasTold) {
      wasTold = true;
      say(`process ${holder ?? 'unknown'} is already installing or building here; waiting for it…`);
    }
    await sleep(POLL_INTERVAL_MS);
  }
  const release = () => rmSync(path, { force: true });
  // Ctrl-C ends a prepare; Node then runs no finally.
  process.once('exit', release);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
  try {
    return await work();
  } finally {
    release();
  }
}

/** @param {string} path */
function tryLock(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  }
}

/** Null while the holder has made the file but not yet written its pid. @param {string} path */
function readHolder(path) {
  try {
    const pid = Number.parseInt(readFileSync(path, 'utf8'), 10);
    return pid > 0 ? pid : null;
  } catch {
    return null;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch (error) {
    return error.code === 'EPERM' || (error.code === 'ENOENT' && process.platform !== 'linux');
  }
}
