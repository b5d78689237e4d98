import { Form, useLocation } from '@remix-run/react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LANGUAGES } from '#server/contracts/vocabulary.ts';
import { THEMES, type Preferences, type Theme } from '../lib/preferences.ts';
import { MoonIcon, SunIcon, SystemIcon } from './icons.tsx';

const THEME_ICONS: Record<Theme, ReactNode> = { system: <SystemIcon />, light: <SunIcon />, dark: <MoonIcon /> };

/** Language and theme as plain forms, so that they work without JavaScript; both lead back to the page shown. */
export function PreferenceSwitches({ preferences }: { preferences: Preferences }) {
  const { t } = useTranslation();
  const { pathname, search } = useLocation();
  const returnTo = pathname === '/preferences' ? '/monitoring' : `${pathname}${search}`;
  return (
    <Form method="post" action="/preferences" className="preferences" preventScrollReset>
      <input type="hidden" name="returnTo" value={returnTo} />
      <div role="group" aria-label={t('preferences.language')} className="switch">
        {LANGUAGES.map((language) => (
          <button key={language} name="lang" value={language} lang={language} aria-pressed={language === preferences.language}
            aria-label={`${language.toUpperCase()}, ${t(`preferences.languages.${language}`)}`}>
            {language.toUpperCase()}
          </button>
        ))}
      </div>
      <div role="group" aria-label={t('preferences.theme')} className="switch">
        {THEMES.map((theme) => (
          <button key={theme} name="theme" value={theme} aria-pressed={theme === preferences.theme}
            aria-label={t(`preferences.themes.${theme}`)} title={t(`preferences.themes.${theme}`)}>
            {THEME_ICONS[theme]}
          </button>
        ))}
      </div>
    </Form>
  );
}
