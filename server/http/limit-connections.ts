import type { Server } from 'node:http';
import type { Logger } from '#server/lib/logger.ts';

/** A flood is told once in this time. */
const LOG_INTERVAL_MS = 10_000;

/** Closes at once what comes beyond so many connections; says so in the log, sparingly. */
export function limitConnections(server: Server, connectionsMax: number, logger: Logger): void {
  let droppedCount = 0;
  let loggedAtMs = -Infinity;
  server.maxConnections = connectionsMax;
  server.on('drop', () => {
    droppedCount += 1;
    if (performance.now() - loggedAtMs < LOG_INTERVAL_MS) return;
    loggedAtMs = performance.now();
    logger.warn({ connectionsMax, droppedCount }, 'connections were dropped');
  });
}
