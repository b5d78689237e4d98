import type { LoaderFunctionArgs } from '@remix-run/node';
import { textResponse } from '../lib/resource-response.ts';

/** What Prometheus scrapes. */
export async function loader({ request, context }: LoaderFunctionArgs): Promise<Response> {
  if (!context.isMetricsRequestAllowed(request.headers.get('Authorization'))) {
    return textResponse('A bearer token is needed to read the metrics.', 401, { 'WWW-Authenticate': 'Bearer realm="metrics"' });
  }
  const { bytes, contentType, contentEncoding } = await context.renderMetrics(request.headers.get('Accept'), request.headers.get('Accept-Encoding'));
  const headers = new Headers({ 'Content-Type': contentType, 'Content-Length': String(bytes.length), 'Cache-Control': 'no-store', Vary: 'Accept, Accept-Encoding' });
  if (contentEncoding) headers.set('Content-Encoding', contentEncoding);
  return new Response(streamOnce(bytes), { headers });
}

/** A body that hands over the bytes themselves: a response made of bytes would copy them for every scrape. */
function streamOnce(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(bytes);
      controller.close();
    },
  });
}
