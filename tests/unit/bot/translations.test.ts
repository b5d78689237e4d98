import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createTranslations, LOCALES } from '#server/bot/translations.ts';
import { COMMANDS } from '#server/bot/set-commands.ts';
import { LANGUAGES, ZODIAC_SIGNS } from '#server/contracts/vocabulary.ts';
import { CHART_BODIES } from '#server/services/natal/types.ts';
import { SILENT_LOGGER } from '#tests/support/bot.ts';

const keysOf = (source: string) => [...source.matchAll(/^([\w-]+) =/gm)].map((match) => match[1] ?? '').sort();
const variablesOf = (source: string, key: string) => {
  const message = new RegExp(`^${key} =.*(?:\\n[ ].*|\\n(?=\\n[ ]))*`, 'm').exec(source)?.[0] ?? '';
  return [...new Set([...message.matchAll(/\$(\w+)/g)].map((match) => match[1]))].sort();
};
const sources = readdirSync('server/bot', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => readFileSync(join('server/bot', path), 'utf8'))
  .join('\n');
const translations = createTranslations(SILENT_LOGGER);

describe('the bot’s words', () => {
  test('both languages have the same texts with the same variables', () => {
    expect(keysOf(LOCALES.ru)).toEqual(keysOf(LOCALES.en));
    for (const key of keysOf(LOCALES.en)) expect([key, variablesOf(LOCALES.ru, key)]).toEqual([key, variablesOf(LOCALES.en, key)]);
  });

  test('every text that the code names exists', () => {
    const named = [...sources.matchAll(/(?:ctx\.t\(|translations\.t\(\w+, |\? )'([a-z][\w-]+)'/g)].map((match) => match[1] ?? '');
    expect(named.length).toBeGreaterThan(30);
    const generated = [
      ...ZODIAC_SIGNS.map((sign) => `sign-${sign}`),
      ...CHART_BODIES.map((body) => `body-${body}`),
      ...COMMANDS.map((command) => `command-${command}`),
    ];
    const known = new Set(keysOf(LOCALES.en));
    expect([...named, ...generated].filter((key) => key.includes('-') && !known.has(key))).toEqual([]);
  });

  test('every text is used', () => {
    const isUsed = (key: string) => sources.includes(`'${key}'`) || /^(?:sign|body|command|tarot-position)-/.test(key);
    expect(keysOf(LOCALES.en).filter((key) => !isUsed(key))).toEqual([]);
  });

  test.each([
    [1, 'В вопросе 1 лишний знак.'],
    [3, 'В вопросе 3 лишних знака.'],
    [5, 'В вопросе 5 лишних знаков.'],
    [11, 'В вопросе 11 лишних знаков.'],
    [21, 'В вопросе 21 лишний знак.'],
    [22, 'В вопросе 22 лишних знака.'],
  ])('Russian counts rightly: %i', (count, expected) => {
    expect(translations.t('ru', 'tarot-question-too-long', { count })).toContain(expected);
  });

  test('English counts rightly', () => {
    expect(translations.t('en', 'natal-place-choose', { count: 1 })).toContain('1 such place.');
    expect(translations.t('en', 'natal-place-choose', { count: 4 })).toContain('4 such places.');
  });

  test('no text holds invisible marks around its variables', () => {
    for (const language of LANGUAGES) expect(translations.t(language, 'sign-saved', { sign: 'X' })).not.toMatch(/[\u2068\u2069]/);
  });

  test('commands fit into Telegram’s menu', () => {
    for (const language of LANGUAGES) {
      for (const command of COMMANDS) {
        const description = translations.t(language, `command-${command}`);
        expect(description.length).toBeGreaterThan(0);
        expect(description.length).toBeLessThanOrEqual(256);
      }
    }
  });
});
