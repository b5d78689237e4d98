import { once } from 'node:events';

/** Runs code in the main loop of a process that was started with `--inspect`, as a debugger would; resolves when it has been sent. */
export async function evaluateInProcess(output: string, expression: string): Promise<{ close(): void }> {
  const [, url] = /Debugger listening on (ws:\S+)/.exec(output) ?? [];
  if (url === undefined) throw new Error(`no debugger listens:\n${output}`);
  const socket = new WebSocket(url);
  await once(socket, 'open');
  socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression } }));
  return { close: () => socket.close() };
}
