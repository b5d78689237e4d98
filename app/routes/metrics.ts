import type { LoaderFunctionArgs } from '@remix-run/node';
import { resourceResponse, textResponse } from '../lib/resource-response.ts';

/** What Prometheus scrapes. */
export async function loader({ request, context }: LoaderFunctionArgs): Promise<Response> {
  if (!context.isMetricsRequestAllowed(request.headers.get('Authorization'))) {
    return textResponse('A bearer token is needed to read the metrics.', 401, { 'WWW-Authenticate': 'Bearer realm="metrics"' });
  }
  const { body, contentType } = await context.renderMetrics(request.headers.get('Accept'));
  return resourceResponse(body, contentType, { headers: { Vary: 'Accept' } });
}
