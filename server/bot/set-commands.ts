import type { Api } from 'grammy';
import type { Language } from '#server/contracts/vocabulary.ts';
import type { Logger } from '#server/lib/logger.ts';
import { createTranslations } from './translations.ts';

/** The commands of the bot's menu, in their order. */
export const COMMANDS = ['horoscope', 'tarot', 'natal', 'premium', 'start', 'delete', 'help'] as const;

/** Fills the command menu: English for everybody, Russian for who uses Telegram in Russian. Rejects when Telegram cannot be asked. */
export async function setCommands(api: Api, logger: Logger): Promise<void> {
  const translations = createTranslations(logger);
  const describe = (language: Language) =>
    COMMANDS.map((command) => ({ command, description: translations.t(language, `command-${command}`) }));
  await api.setMyCommands(describe('en'));
  await api.setMyCommands(describe('ru'), { language_code: 'ru' });
}
