import { encode } from 'turbo-stream';
import type { Request, Response } from 'express';
import { requestState } from './request-state.ts';

/** What Remix answers when a data request ends in a redirect. */
const SINGLE_FETCH_REDIRECT_STATUS = 202;

/** Marks a value that Remix's client reads as a redirect. */
class SingleFetchRedirect {
  readonly redirect: string;

  constructor(redirect: string) {
    this.redirect = redirect;
  }
}

/** Where a visitor without a session is sent: the log-in page, which leads back to the page that was asked for. */
export function loginUrl(originalUrl: string): string {
  const url = new URL(originalUrl, 'http://page.invalid');
  url.searchParams.delete('_routes');
  const path = url.pathname.replace(/^\/_root\.data$/, '/').replace(/\.data$/, '');
  return path === '/' ? '/login' : `/login?${new URLSearchParams({ next: path + url.search }).toString()}`;
}

async function sendDataRedirect(req: Request, res: Response): Promise<void> {
  const redirect = { redirect: loginUrl(req.originalUrl), status: 302, revalidate: false, reload: false, replace: false };
  // Remix gives the redirect of an action bare, and that of a loader under a symbol that only this plugin of its client makes.
  const payload = req.method === 'GET' ? new SingleFetchRedirect(redirect.redirect) : redirect;
  const stream = encode(payload, {
    plugins: [(value) => (value instanceof SingleFetchRedirect ? ['SingleFetchRedirect', redirect] : undefined)],
  });
  res.status(SINGLE_FETCH_REDIRECT_STATUS).set({ 'Content-Type': 'text/x-script', 'X-Remix-Response': 'yes' });
  res.send(Buffer.from(await new globalThis.Response(stream).arrayBuffer()));
}

/**
 * Answers a request that needs a session and has none: pages are sent to the log-in, Remix's data requests too (in the
 * form its client follows), everything else gets 401 as JSON, in the shape that tRPC's client understands.
 */
export async function refuseAnonymous(req: Request, res: Response): Promise<void> {
  if (req.path.endsWith('.data')) return sendDataRedirect(req, res);
  if ((req.method === 'GET' || req.method === 'HEAD') && (req.get('accept') ?? '').includes('text/html')) {
    res.redirect(302, loginUrl(req.originalUrl));
    return;
  }
  const { requestId } = requestState(res);
  res.status(401).json({ error: { message: 'Please log in.', code: -32_001, data: { code: 'UNAUTHORIZED', httpStatus: 401, requestId } } });
}
