import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { answerRequest, type Answer, type AnswerDeps } from './answer-request.ts';

/** Those who ask here are few and near; whoever is slow is let go soon. */
const LIMITS = { maxHeaderSize: 8_192, headersTimeout: 2_000, requestTimeout: 4_000, connectionsCheckingInterval: 500, keepAliveTimeout: 5_000 };
const CONNECTIONS_MAX = 500;
/** Time to take an answer. */
const READ_MS_MAX = 10_000;
const SHARED_HEADERS = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' };

export interface ManagementServerOptions extends AnswerDeps {
  readonly connectionsMax?: number;
  readonly readMsMax?: number;
}

/** The second listener's server. Neither many nor slow clients keep it from answering. */
export function createManagementServer({ connectionsMax = CONNECTIONS_MAX, readMsMax = READ_MS_MAX, ...deps }: ManagementServerOptions): Server {
  const server = createServer(LIMITS, (req, res) => {
    const path = (req.url ?? '').split('?', 1)[0]?.replace(/(?<=.)\/$/, '') ?? '';
    const request = { method: req.method ?? '', path, header: (name: 'accept' | 'accept-encoding' | 'authorization') => req.headers[name] ?? null };
    answerRequest(request, deps).then(
      (answer) => send(req, res, answer, readMsMax),
      () => res.destroy(),
    );
  });
  server.maxConnections = connectionsMax;
  // Full: those that only wait make room for whoever asks next.
  server.on('drop', () => server.closeIdleConnections());
  return server;
}

function send(req: IncomingMessage, res: ServerResponse, { status, body, headers }: Answer, readMsMax: number): void {
  res.writeHead(status, { ...SHARED_HEADERS, ...headers, 'Content-Length': Buffer.byteLength(body) });
  res.end(body);
  if (res.writableFinished) return;
  const cutOff = setTimeout(() => req.socket.destroy(), readMsMax);
  res.once('close', () => clearTimeout(cutOff));
}
