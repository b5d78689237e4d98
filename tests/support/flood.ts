import { connect } from 'node:net';
import { parseArgs } from 'node:util';

/*
 * A crowd on one machine: opens many connections at once to an address, with a request on each or with nothing, and prints
 * what came of them as soon as all are answered, closed, or have been open for a second. Ends when its input does.
 */
const { values } = parseArgs({ options: { url: { type: 'string', default: '' }, count: { type: 'string', default: '1' }, 'is-silent': { type: 'boolean', default: false } } });
const { hostname, port, pathname } = new URL(values.url);
const count = Number(values.count);
const request = `GET ${pathname} HTTP/1.1\r\nHost: ${hostname}\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n`;

/** How many connections ended with which status, or `closed` without an answer. */
const outcomes: Record<string, number> = {};

function open(): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let status: string | null = null;
    socket.once('connect', () => {
      if (values['is-silent']) setTimeout(() => resolve(), 1_000);
      else socket.write(request);
    });
    socket.on('data', (chunk: Buffer) => {
      status ??= chunk.toString('latin1', 9, 12);
    });
    socket.on('error', () => undefined);
    socket.once('close', () => {
      outcomes[status ?? 'closed'] = (outcomes[status ?? 'closed'] ?? 0) + 1;
      resolve();
    });
  });
}

await Promise.all(Array.from({ length: count }, open));
process.stdout.write(`${JSON.stringify({ outcomes })}\n`);
process.stdin.once('end', () => process.exit(0)).resume();
