import type { RequestListener } from 'node:http';
import type { RequestHandler, Response } from 'express';
import { requestState } from './request-state.ts';

/** Scrapes answered at the same time; ten of them would be many, and each takes memory. What comes beyond is told to come again. */
const SCRAPES_IN_PROGRESS_MAX = 50;
/** As long as Prometheus itself waits by default: who reads more slowly is cut off, and holds no place. */
const SCRAPE_MS_MAX = 10_000;
const METRICS_PATH = '/metrics';
const METRICS_URL = /^\/metrics\/?(?:\?|$)/;
const REFUSAL = 'Too many scrapes at once.\n';
const REFUSAL_HEADERS = {
  'Content-Type': 'text/plain; charset=utf-8',
  'Content-Length': Buffer.byteLength(REFUSAL),
  // When the rendering that everybody waits for has been replaced.
  'Retry-After': '1',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "default-src 'none'",
  Connection: 'close',
};

export interface ScrapeLimits {
  readonly inProgressMax?: number;
  readonly durationMsMax?: number;
}

/**
 * Answers so many scrapes at once; above that one is refused with 503 at once, before anything is spent on it, so that a
 * flood of scrapes does not keep the loop from everything else.
 */
export function limitScrapes(answer: RequestListener, { inProgressMax = SCRAPES_IN_PROGRESS_MAX, durationMsMax = SCRAPE_MS_MAX }: ScrapeLimits = {}): RequestListener {
  let inProgressCount = 0;
  return (req, res) => {
    if (!METRICS_URL.test(req.url ?? '')) return answer(req, res);
    if (inProgressCount >= inProgressMax) {
      res.writeHead(503, REFUSAL_HEADERS).end(REFUSAL);
      return;
    }
    inProgressCount += 1;
    const cutOff = setTimeout(() => req.socket.destroy(), durationMsMax);
    res.once('close', () => {
      clearTimeout(cutOff);
      inProgressCount -= 1;
    });
    answer(req, res);
  };
}

/** Whether this answers a scrape. */
export function isScrape(res: Response): boolean {
  return requestState(res).path === METRICS_PATH;
}

/** Lets the metrics be read only: everything else is 405, wherever it comes from. */
export function refuseToWriteMetrics(): RequestHandler {
  return (req, res, next) => {
    if (!isScrape(res) || req.method === 'GET' || req.method === 'HEAD') return next();
    return res.status(405).set('Allow', 'GET, HEAD').type('text/plain').send('The metrics can only be read.\n');
  };
}
