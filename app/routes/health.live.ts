import { textResponse } from '../lib/resource-response.ts';

/** Liveness: the event loop turns. Looks at nothing outside the process. */
export function loader(): Response {
  return textResponse('ok');
}
