import { data, redirect, type ActionFunctionArgs } from '@remix-run/node';
import { Language } from '#server/contracts/vocabulary.ts';
import { serializePreference, Theme } from '../lib/preferences.ts';
import { safePath } from '../lib/safe-path.ts';

/** There is nothing to see here: preferences are switched in the head of every page. */
export function loader() {
  return redirect('/monitoring');
}

/** Keeps one preference in a cookie and leads back to where the visitor was. */
export async function action({ request }: ActionFunctionArgs) {
  const form = await request.formData();
  const language = Language.safeParse(form.get('lang')).data;
  const theme = Theme.safeParse(form.get('theme')).data;
  if (!language && !theme) throw data(null, { status: 400 });
  const headers = new Headers();
  if (language) headers.append('Set-Cookie', serializePreference('lang', language));
  if (theme) headers.append('Set-Cookie', serializePreference('theme', theme));
  return redirect(safePath(String(form.get('returnTo') ?? '')), { headers });
}

export default function PreferencesPage() {
  return null;
}
