import { data, redirect, type ActionFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Link } from '@remix-run/react';
import { useTranslation } from 'react-i18next';
import { Language } from '#server/contracts/vocabulary.ts';
import { pageTitle } from '../lib/page-title.ts';
import { serializePreference, Theme } from '../lib/preferences.ts';
import { safePath } from '../lib/safe-path.ts';

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, (texts) => texts.preferences.title);

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
  const { t } = useTranslation();
  return (
    <section className="notice-page" aria-labelledby="preferences-title">
      <h1 id="preferences-title">{t('preferences.title')}</h1>
      <p>
        <Link to="/monitoring">{t('preferences.back')}</Link>
      </p>
    </section>
  );
}
