import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';

async function handle({ request, context }: LoaderFunctionArgs | ActionFunctionArgs): Promise<Response> {
  const answer = await context.handleTrpc(request);
  const headers = new Headers(answer.headers);
  headers.set('Cache-Control', 'no-store');
  return new Response(answer.body, { status: answer.status, statusText: answer.statusText, headers });
}

export { handle as loader, handle as action };
