/** A response of a resource route: its media type is said, and no cache keeps it. */
export function resourceResponse(body: string, contentType: string, init: { status?: number; headers?: Record<string, string> } = {}): Response {
  return new Response(body, {
    status: init.status ?? 200,
    headers: { 'Cache-Control': 'no-store', ...init.headers, 'Content-Type': contentType },
  });
}

/** A line of plain text, for machines and for people with `curl`. */
export function textResponse(text: string, status = 200, headers: Record<string, string> = {}): Response {
  return resourceResponse(`${text}\n`, 'text/plain; charset=utf-8', { status, headers });
}
