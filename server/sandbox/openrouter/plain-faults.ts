import type { RequestHandler, Response } from 'express';
import { sleep } from '#server/lib/sleep.ts';
import { sendError } from './errors.ts';
import { type Fault, type FaultQueue, type FaultTarget, isPlain } from './fault-queue.ts';

const EDGE_PAGE =
  '<!DOCTYPE html>\n<html lang="en-US">\n<head><title>openrouter.ai | 502: Bad gateway</title></head>\n' +
  '<body><h1>Bad gateway</h1><p>The web server reported a bad gateway error.</p><p>Cloudflare Ray ID: 9a1b2c3d4e5f6789</p></body>\n</html>\n';

const RATE_LIMIT_PER_MINUTE = 20;
const RATE_WINDOW_MS = 60_000;

/** Answers as a plain fault does, hangs (until the client gives up), or breaks the connection. */
export function sendPlainFault(res: Response, fault: Fault & { readonly mode: string }, nowMs: number): void {
  switch (fault.mode) {
    case 'hang_before_headers':
      return;
    case 'destroy_before_headers':
      res.destroy();
      return;
    case 'html200':
    case 'html502':
      res
        .status(fault.mode === 'html200' ? 200 : 502)
        .type('html')
        .send(EDGE_PAGE);
      return;
    default: {
      const status = Number(fault.mode);
      if (fault.retryAfterSeconds !== undefined) res.setHeader('Retry-After', String(fault.retryAfterSeconds));
      if (status === 429) {
        res.setHeader('X-RateLimit-Limit', String(RATE_LIMIT_PER_MINUTE));
        res.setHeader('X-RateLimit-Remaining', '0');
        res.setHeader('X-RateLimit-Reset', String(nowMs + RATE_WINDOW_MS));
      }
      sendError(res, status);
    }
  }
}

/** The status that the client sees of a plain fault; 0 when it sees none. */
export function statusOfPlainFault(mode: string): number {
  if (mode === 'html200') return 200;
  if (mode === 'html502') return 502;
  return Number.isNaN(Number(mode)) ? 0 : Number(mode);
}

/** Lets the scripted faults of an endpoint that cannot have others strike before its handler. */
export function strikePlainFaults(faults: FaultQueue, target: Exclude<FaultTarget, 'completion'>): RequestHandler {
  return (_req, res, next) => {
    const fault = faults.take(target);
    if (!fault || !isPlain(fault.mode)) return next();
    void sleep(fault.delayMs).then(() => sendPlainFault(res, fault, Date.now()));
  };
}
