import { spawn } from 'node:child_process';
import { delimiter } from 'node:path';

const PROGRESS_INTERVAL_MS = 5_000;
const OUTPUT_LINES_SHOWN_MAX = 40;

/** A failure whose message tells a person what to do. */
export class PrepareError extends Error {}

/** @param {string} line */
export function say(line) {
  process.stderr.write(`adtrobot: ${line}\n`);
}

/**
 * Runs a program quietly, says every few seconds that it is still at work, and shows its output only when it fails.
 * @param {{what: string, program: string, args: string[], cwd: string, env?: NodeJS.ProcessEnv, detail?: () => string}} task
 */
export async function runQuietly(task) {
  const startedAt = Date.now();
  const seconds = () => Math.round((Date.now() - startedAt) / 1_000);
  say(`${task.what}…`);
  const timer = setInterval(() => say(`${task.what}… ${seconds()} s${task.detail?.() ?? ''}`), PROGRESS_INTERVAL_MS);
  let output = '';
  try {
    const code = await new Promise((resolve, reject) => {
      const child = spawn(task.program, task.args, { cwd: task.cwd, env: task.env ?? process.env, stdio: ['ignore', 'pipe', 'pipe'] });
      child.stdout.on('data', (chunk) => (output += chunk));
      child.stderr.on('data', (chunk) => (output += chunk));
      child.once('error', reject);
      child.once('close', (exitCode, signal) => resolve(exitCode ?? signal));
    });
    if (code === 0) return say(`${task.what}: done in ${seconds()} s`);
    process.stderr.write(`${output.trimEnd().split('\n').slice(-OUTPUT_LINES_SHOWN_MAX).join('\n')}\n`);
    throw new PrepareError(`${task.what} failed (${task.program} ${task.args.join(' ')} ended with ${code}); its last lines are above.`);
  } catch (error) {
    if (error instanceof PrepareError) throw error;
    throw new PrepareError(`${task.what} failed: ${task.program} could not be run (${error instanceof Error ? error.message : error}).`);
  } finally {
    clearInterval(timer);
  }
}

/** The environment without our own `.bin`: an install replaces the Node in there while it runs. */
export function environmentOutsideModules() {
  const path = (process.env.PATH ?? '').split(delimiter).filter((entry) => !entry.endsWith('node_modules/.bin'));
  return { ...process.env, PATH: path.join(delimiter) };
}
