import { spawn } from 'node:child_process';
import { delimiter, resolve } from 'node:path';

const CACHE_DIR = 'node_modules/.cache/adtrobot';

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Collect the output instead of showing it as it comes. */
  readonly isQuiet?: boolean;
}

export interface RunResult {
  /** 0 on success; a signal or a program that did not start counts as 1. */
  readonly exitCode: number;
  readonly output: string;
  readonly durationMs: number;
}

/** Runs a program with our installed programs first on the path; never throws for a failing program. */
export async function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const startedAt = performance.now();
  const path = [resolve('node_modules/.bin'), process.env['PATH'] ?? ''].join(delimiter);
  const child = spawn(program, args, {
    env: { ...process.env, PATH: path, ...options.env },
    stdio: ['ignore', options.isQuiet ? 'pipe' : 'inherit', options.isQuiet ? 'pipe' : 'inherit'],
  });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exitCode = await new Promise<number>((done) => {
    child.once('error', (error) => {
      output += error.message;
      done(1);
    });
    child.once('close', (code) => done(code ?? 1));
  });
  return { exitCode, output, durationMs: performance.now() - startedAt };
}

/** A check that either holds or does not; its output is shown only when it does not. */
export async function runCheck(name: string, program: string, args: readonly string[]): Promise<boolean> {
  const result = await run(program, args, { isQuiet: true });
  const isPassed = result.exitCode === 0;
  console.log(`${isPassed ? '✓' : '✗'} ${name} (${(result.durationMs / 1_000).toFixed(1)} s)`);
  if (!isPassed) console.log(result.output.trimEnd());
  return isPassed;
}

/**
 * The compiler and the linter, side by side. With a cache the linter looks only at changed files, so it may miss that a
 * type from another file has changed; the compiler's cache misses nothing.
 */
export function staticChecks(options: { isLintCached: boolean }): readonly Promise<boolean>[] {
  const cached = options.isLintCached ? ['--cache', '--cache-strategy', 'content', '--cache-location', `${CACHE_DIR}/eslint`] : [];
  return [
    runCheck('types', 'tsc', ['--noEmit', '--incremental', '--tsBuildInfoFile', `${CACHE_DIR}/types.tsbuildinfo`, '--project', '.']),
    runCheck('lint', 'eslint', ['--max-warnings', '0', ...cached, '.']),
  ];
}
