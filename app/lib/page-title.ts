import type { Language } from '#server/contracts/vocabulary.ts';
import { en } from '../i18n/en.ts';
import { ru } from '../i18n/ru.ts';

const TEXTS = { en, ru };

interface RouteMatch {
  readonly id: string;
  readonly data: unknown;
}

function findLanguage(matches: readonly (RouteMatch | undefined)[]): Language {
  const root = matches.find((match) => match?.id === 'root')?.data;
  return typeof root === 'object' && root !== null && 'language' in root && root.language === 'ru' ? 'ru' : 'en';
}

/** The `<title>` of a page, in the language of the visitor, for a route's `meta`. */
export function pageTitle(matches: readonly (RouteMatch | undefined)[], pick: (texts: typeof en | typeof ru) => string) {
  const texts = TEXTS[findLanguage(matches)];
  return [{ title: texts.product.title.replace('{{page}}', pick(texts)) }];
}
