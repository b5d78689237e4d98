import { parseCookie, stringifySetCookie } from 'cookie';
import { z } from 'zod';
import { Language } from '#server/contracts/vocabulary.ts';

export const THEMES = ['system', 'light', 'dark'] as const;
export const Theme = z.enum(THEMES);
export type Theme = z.infer<typeof Theme>;

/** How a visitor wants to see the pages; kept in the cookies `lang` and `theme`. */
export interface Preferences {
  readonly language: Language;
  readonly theme: Theme;
}

const YEAR_SECONDS = 365 * 86_400;
const DEFAULT_LANGUAGE: Language = 'en';

/** The first language of `Accept-Language`, by weight, that we speak. */
function negotiateLanguage(acceptLanguage: string | null): Language {
  const wanted = (acceptLanguage ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
      const weight = parameters.map((parameter) => /^\s*q=([\d.]+)\s*$/.exec(parameter)?.[1]).find((text) => text !== undefined);
      return { language: Language.safeParse(tag.split('-')[0]).data, weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight);
  return wanted.find(({ language }) => language !== undefined)?.language ?? DEFAULT_LANGUAGE;
}

/** The visitor's preferences: cookies first, then `Accept-Language`; an unknown value counts as absent. */
export function readPreferences(request: Request): Preferences {
  const cookies = parseCookie(request.headers.get('Cookie') ?? '');
  return {
    language: Language.safeParse(cookies.lang).data ?? negotiateLanguage(request.headers.get('Accept-Language')),
    theme: Theme.safeParse(cookies.theme).data ?? 'system',
  };
}

/** A `Set-Cookie` value that keeps one preference for a year. */
export function serializePreference(name: 'lang' | 'theme', value: string): string {
  return stringifySetCookie({ name, value, path: '/', maxAge: YEAR_SECONDS, sameSite: 'lax' });
}
