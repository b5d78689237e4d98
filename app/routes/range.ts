import { redirect, type LoaderFunctionArgs } from '@remix-run/node';
import { startOfDay } from '../lib/day-range.ts';
import { requireSession } from '../lib/guard.server.ts';
import { safePath } from '../lib/safe-path.ts';

/**
 * Turns two days of the reporting time zone into the instants of a page's URL, so that a form without JavaScript can ask
 * for a range. What is no day goes on as it is: the page refuses it in words.
 */
export function loader({ request, context }: LoaderFunctionArgs): Response {
  requireSession(context, request);
  const query = new URL(request.url).searchParams;
  const [firstDay, lastDay, timeZone] = ['firstDay', 'lastDay', 'timeZone'].map((name) => query.get(name) ?? '');
  const target = new URL(safePath(query.get('returnTo'), '/monitoring'), request.url);
  target.searchParams.set('from', startOfDay(firstDay ?? '', timeZone ?? '') ?? firstDay ?? '');
  target.searchParams.set('to', startOfDay(lastDay ?? '', timeZone ?? '', 1) ?? lastDay ?? '');
  return redirect(`${target.pathname}${target.search}`);
}
