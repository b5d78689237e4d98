import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { AppError } from '#server/errors.ts';
import { textResponse } from '../lib/resource-response.ts';

const SECRET_HEADER = 'X-Telegram-Bot-Api-Secret-Token';
/** Telegram would wait longer from failure to failure; an outage of the database is to cost no more than it lasts. */
const RETRY_SECONDS = '3';

const notFound = () => textResponse('Not found', 404);
const notAllowed = () => textResponse('Updates are brought by POST.', 405, { Allow: 'POST' });

/** Nothing to be looked at. */
export function loader({ context }: LoaderFunctionArgs): Response {
  return context.intake ? notAllowed() : notFound();
}

/** Where Telegram brings an update: stored, acknowledged, worked on later. */
export async function action({ request, context: { intake } }: ActionFunctionArgs): Promise<Response> {
  if (!intake) return notFound();
  if (request.method !== 'POST') return notAllowed();
  if (!intake.isSecret(request.headers.get(SECRET_HEADER))) return textResponse('The secret token is wrong.', 401);
  if (!/^application\/json(?:;|$)/i.test(request.headers.get('Content-Type') ?? '')) return textResponse('Send JSON.', 415);
  try {
    await intake.store(await readBody(request));
    return textResponse('ok');
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return textResponse(error.message, error.httpStatus, error.code === 'unavailable' ? { 'Retry-After': RETRY_SECONDS } : {});
  }
}

/** What was cut off on its way is no update either. */
async function readBody(request: Request): Promise<string> {
  return request.text().catch(() => '');
}
