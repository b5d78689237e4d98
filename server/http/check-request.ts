import type { Request, RequestHandler, Response } from 'express';
import { WEBHOOK_BODY_SIZE_BYTES_MAX, WEBHOOK_PATH } from '#server/contracts/webhook.ts';
import { AppError } from '#server/errors.ts';
import { requestState } from './request-state.ts';

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);
const SAFE_METHODS = new Set(['GET', 'HEAD']);
/** Largest body that our own pages need is a form. */
const BODY_SIZE_BYTES_MAX = 100_000;

/** Telegram's deliveries, which show where they come from by their secret. */
const isWebhook = (res: Response) => requestState(res).path === WEBHOOK_PATH;

/** Refuses methods that nothing here answers, with 405. */
export function checkMethod(): RequestHandler {
  return (req, res, next) => {
    if (METHODS.has(req.method)) return next();
    res.setHeader('Allow', [...METHODS].join(', '));
    return res.status(405).type('text/plain').send('This method is not allowed.\n');
  };
}

/** Lets health be read only: everything else is 405, wherever it comes from. */
export function refuseToWriteHealth(): RequestHandler {
  return (req, res, next) => {
    const { path } = requestState(res);
    if (SAFE_METHODS.has(req.method) || !(path === '/health' || path?.startsWith('/health/'))) return next();
    return res.status(405).set('Allow', [...SAFE_METHODS].join(', ')).type('text/plain').send('Health can only be read.\n');
  };
}

/** Refuses large bodies before reading them (413), and bodies that do not say how large they are (411). */
export function checkBodySize(): RequestHandler {
  return (req, res, next) => {
    if (req.headers['transfer-encoding'] !== undefined) {
      res.setHeader('Connection', 'close');
      return res.status(411).type('text/plain').send('Send the length of the body.\n');
    }
    const sizeMax = isWebhook(res) ? WEBHOOK_BODY_SIZE_BYTES_MAX : BODY_SIZE_BYTES_MAX;
    if (Number(req.headers['content-length'] ?? 0) > sizeMax) {
      res.setHeader('Connection', 'close');
      return res.status(413).type('text/plain').send('The body is too large.\n');
    }
    return next();
  };
}

function isSameOrigin(req: Request, isProxyTrusted: boolean): boolean {
  const fetchSite = req.headers['sec-fetch-site'];
  if (fetchSite !== undefined) return fetchSite === 'same-origin' || fetchSite === 'none';
  const { origin } = req.headers;
  const forwardedHost = isProxyTrusted ? req.get('x-forwarded-host')?.split(',')[0]?.trim() : undefined;
  const host = forwardedHost ?? req.headers.host;
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === host;
}

/**
 * Refuses whatever could change something unless it comes from our own pages: browsers say so in `Sec-Fetch-Site`, older
 * ones in `Origin`. A request that says neither is refused too. tRPC takes JSON only, which no form of another site can send.
 */
export function checkOrigin({ isProxyTrusted }: { readonly isProxyTrusted: boolean }): RequestHandler {
  return (req, res, next) => {
    if (SAFE_METHODS.has(req.method) || isWebhook(res)) return next();
    if (!isSameOrigin(req, isProxyTrusted)) return next(new AppError('forbidden', 'This request does not come from our own pages.'));
    if (/^\/trpc(?:\/|$)/.test(req.path) && !/^application\/json(?:;|$)/i.test(req.get('content-type') ?? '')) {
      return res.status(415).json({ error: { message: 'Send JSON.' } });
    }
    return next();
  };
}
