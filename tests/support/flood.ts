import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

/*
 * A crowd on one machine: opens many connections at once to an address, with a request on each or with the first byte of one,
 * and prints what came of them as soon as all are answered or closed, or, of the unfinished, as soon as no more are closed. Ends
 * when its input does.
 */
const { values } = parseArgs({ options: { url: { type: 'string', default: '' }, count: { type: 'string', default: '1' }, 'is-unfinished': { type: 'boolean', default: false } } });
const { hostname, port, pathname } = new URL(values.url);
const count = Number(values.count);
const request = `GET ${pathname} HTTP/1.1\r\nHost: ${hostname}\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n`;

/** How many connections ended with which status, or `closed` without an answer. */
const outcomes: Record<string, number> = {};
let endedCount = 0;
/** No more are closed when none was at so many looks in a row: what a busy server did not take is sent to it again seconds later. */
const QUIET_LOOKS = 30;
const LOOK_INTERVAL_MS = 100;

function open(): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let status: string | null = null;
    socket.once('connect', () => {
      // Never nothing: of a silent connection that found its queue full the server may not know, and so never closes it.
      socket.write(values['is-unfinished'] ? request.slice(0, 1) : request);
      if (values['is-unfinished']) resolve();
    });
    socket.on('data', (chunk: Buffer) => {
      status ??= chunk.toString('latin1', 9, 12);
    });
    socket.on('error', () => undefined);
    socket.once('close', () => {
      endedCount += 1;
      outcomes[status ?? 'closed'] = (outcomes[status ?? 'closed'] ?? 0) + 1;
      resolve();
    });
  });
}

/** Not one long look: what was closed meanwhile is read between them. */
async function untilQuiet(): Promise<void> {
  let [quietLooks, seenCount] = [0, endedCount];
  while (quietLooks < QUIET_LOOKS) {
    await sleep(LOOK_INTERVAL_MS);
    quietLooks = endedCount === seenCount ? quietLooks + 1 : 0;
    seenCount = endedCount;
  }
}

await Promise.all(Array.from({ length: count }, open));
if (values['is-unfinished']) await untilQuiet();
process.stdout.write(`${JSON.stringify({ outcomes })}\n`);
process.stdin.once('end', () => process.exit(0)).resume();
