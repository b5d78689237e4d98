import { FluentBundle, FluentResource, type FluentVariable } from '@fluent/bundle';
import type { Language } from '#server/contracts/vocabulary.ts';
import type { Logger } from '#server/lib/logger.ts';
import en from './locales/en.ftl?raw';
import ru from './locales/ru.ftl?raw';

/** The Fluent sources by language. */
export const LOCALES: Readonly<Record<Language, string>> = { en, ru };

/** Values of the variables in a text. */
export type TextVariables = Readonly<Record<string, FluentVariable>>;

/** The bot's words by language and key; a key that is missing is logged and shown in braces. */
export interface Translations {
  t(language: Language, key: string, variables?: TextVariables): string;
}

/** Reads the Fluent sources; throws when one of them is malformed. */
export function createTranslations(logger: Logger): Translations {
  const bundles = { en: readBundle('en'), ru: readBundle('ru') };
  return {
    t: (language, key, variables = {}) => {
      const bundle = bundles[language];
      const pattern = bundle.getMessage(key)?.value;
      if (!pattern) {
        logger.warn({ key, language }, 'text is missing');
        return `{${key}}`;
      }
      const errors: Error[] = [];
      const text = bundle.formatPattern(pattern, variables, errors);
      if (errors.length > 0) logger.warn({ key, language, cause: errors.map(String) }, 'text is incomplete');
      return text;
    },
  };
}

function readBundle(language: Language): FluentBundle {
  // Isolation marks around variables show as boxes in some clients.
  const bundle = new FluentBundle(language, { useIsolating: false });
  const [error] = bundle.addResource(new FluentResource(LOCALES[language]));
  if (error) throw error;
  return bundle;
}
