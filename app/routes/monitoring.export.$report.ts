import type { LoaderFunctionArgs } from '@remix-run/node';
import { ROW_COUNT_HEADER } from '#server/contracts/export.ts';
import { createI18n } from '../i18n/create-i18n.ts';
import { requireSession } from '../lib/guard.server.ts';
import { readPreferences } from '../lib/preferences.ts';
import { refuseExport } from '../lib/refuse-export.server.ts';
import { textResponse } from '../lib/resource-response.ts';

/**
 * A file with what a page of the same query shows: a report, all reports, or rows. Its length is not known before its end,
 * so a file that breaks off breaks the connection.
 */
export async function loader({ request, params, context }: LoaderFunctionArgs): Promise<Response> {
  requireSession(context, request);
  if (request.method !== 'GET') return textResponse('An export can only be fetched.', 405, { Allow: 'GET' });
  const { language } = readPreferences(request);
  try {
    const { searchParams } = new URL(request.url);
    const file = await context.exports.open({ name: params['report'] ?? '', query: searchParams, language });
    const headers = new Headers({
      'Content-Type': file.contentType,
      'Content-Disposition': `attachment; filename="${file.fileName}"`,
      // What compresses on the way would hold back the pace of the reader.
      'Cache-Control': 'no-store, no-transform',
      Vary: 'Accept-Encoding',
    });
    if (file.contentEncoding) headers.set('Content-Encoding', file.contentEncoding);
    if (file.rowCount !== null) headers.set(ROW_COUNT_HEADER, String(file.rowCount));
    return new Response(file.body, { headers });
  } catch (error) {
    return refuseExport(error, createI18n(language).t);
  }
}
