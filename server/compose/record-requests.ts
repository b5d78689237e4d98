import { createRepeater } from '#server/jobs/repeat.ts';
import { createRequestRecorder } from '#server/services/requests/request-recorder.ts';
import { describeError } from '../errors.ts';
import type { Clock } from '../lib/clock.ts';
import { sleep } from '../lib/sleep.ts';
import type { SiteParts } from './serve.ts';

const INTERVAL_MS = 5_000;
/** A stop does not wait longer for Postgres. */
const STOP_WAIT_MS = 1_000;

type RecordParts = Pick<SiteParts, 'store' | 'metrics' | 'logger' | 'lifecycle'>;

/** Keeps on record how many requests this process answered, and how fast. Called before the web server is started, it is stopped after it, and writes a last time. */
export function recordRequests({ store: { db }, metrics, logger, lifecycle }: RecordParts, clock: Clock): void {
  const recorder = createRequestRecorder({ db, clock });
  const onFailure = 'counts of requests wait for Postgres';
  metrics.http.observeCounted((request) => recorder.record(request));
  const loop = createRepeater({ work: () => recorder.flush(), onFailure, logger, firstDelayMs: INTERVAL_MS, intervalMs: INTERVAL_MS });
  loop.start();
  const writeLast = () => recorder.flush().catch((error: unknown) => logger.warn({ cause: describeError(error) }, onFailure));
  lifecycle.add('request counts', async () => {
    const enough = new AbortController();
    await Promise.race([loop.stop().then(writeLast), sleep(STOP_WAIT_MS, enough.signal)]);
    enough.abort();
  });
}
