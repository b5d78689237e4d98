import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** The server as a child process that can be replaced. */
export interface DevServer {
  /** Stops the running one, if any, waits until it has drained, and starts the present build. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export function createDevServer(entry: string): DevServer {
  let child: ChildProcess | undefined;
  const stop = async (): Promise<void> => {
    const running = child;
    child = undefined;
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    running.kill('SIGTERM');
    await once(running, 'exit');
  };
  const restart = async (): Promise<void> => {
    await stop();
    // In a process group of its own: Ctrl-C reaches us, and we stop it once.
    const started = spawn(process.execPath, ['--enable-source-maps', entry], { stdio: 'inherit', detached: true, env: { SHUTDOWN_GRACE_SECONDS: '0', ...process.env } });
    child = started;
    started.once('exit', (code) => {
      if (child === started) console.log(`dev: the server ended (${code ?? 'killed'}); it starts again at the next change.`);
    });
  };
  return { restart, stop };
}
