import type { RenderMetrics } from '#server/metrics/render.ts';

/** A loop that has not turned for so long gets no traffic. */
const READY_STUCK_MS_MAX = 1_500;
/** A loop that has not turned for so long will not turn again. */
const LIVE_STUCK_MS_MAX = 5_000;

export interface AnswerDeps {
  /** What the main loop last said of itself, and for how long it has not turned. */
  readonly observe: () => { readonly isReady: boolean; readonly isLive: boolean; readonly stuckMs: number };
  readonly isMetricsRequestAllowed: (authorization: string | null) => boolean;
  readonly renderMetrics: RenderMetrics;
}

export interface ManagementRequest {
  readonly method: string;
  readonly path: string;
  header(name: 'accept' | 'accept-encoding' | 'authorization'): string | null;
}

export interface Answer {
  readonly status: number;
  readonly body: string | Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

const TEXT = { 'Content-Type': 'text/plain; charset=utf-8' };
const text = (status: number, line: string, headers: Readonly<Record<string, string>> = {}): Answer => ({ status, body: `${line}\n`, headers: { ...TEXT, ...headers } });

const LIVE = text(200, 'ok');
const NOT_LIVE = text(503, 'not live');
const READY = text(200, 'ready');
const NOT_READY = text(503, 'not ready');
const NOT_FOUND = text(404, 'Not found');
const NOT_ALLOWED = text(405, 'This can only be read.', { Allow: 'GET, HEAD' });
const NO_TOKEN = text(401, 'A bearer token is needed to read the metrics.', { 'WWW-Authenticate': 'Bearer realm="metrics"' });
const NO_METRICS = text(503, 'The metrics cannot be read now.', { 'Retry-After': '1' });

/** Answers a request of the second listener, from what the thread knows without the main loop. */
export async function answerRequest(request: ManagementRequest, deps: AnswerDeps): Promise<Answer> {
  const { path, method } = request;
  if (path !== '/health/live' && path !== '/health/ready' && path !== '/metrics') return NOT_FOUND;
  if (method !== 'GET' && method !== 'HEAD') return NOT_ALLOWED;
  if (path === '/metrics') return answerScrape(request, deps);
  const { isReady, isLive, stuckMs } = deps.observe();
  if (path === '/health/live') return isLive && stuckMs < LIVE_STUCK_MS_MAX ? LIVE : NOT_LIVE;
  return isReady && stuckMs < READY_STUCK_MS_MAX ? READY : NOT_READY;
}

async function answerScrape(request: ManagementRequest, { isMetricsRequestAllowed, renderMetrics }: AnswerDeps): Promise<Answer> {
  if (!isMetricsRequestAllowed(request.header('authorization'))) return NO_TOKEN;
  const rendered = await renderMetrics(request.header('accept'), request.header('accept-encoding')).catch(() => null);
  if (!rendered) return NO_METRICS;
  const headers = { 'Content-Type': rendered.contentType, Vary: 'Accept, Accept-Encoding' };
  return { status: 200, body: rendered.bytes, headers: rendered.contentEncoding ? { ...headers, 'Content-Encoding': rendered.contentEncoding } : headers };
}
