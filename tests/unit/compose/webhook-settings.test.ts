import { describe, expect, it } from 'vitest';
import { createIntake, webhookOf } from '#server/compose/webhook.ts';
import { loadConfig } from '#server/config.ts';
import { openDatabase } from '#db/client.ts';
import { systemClock } from '#server/lib/clock.ts';
import { createLogger } from '#server/lib/logger.ts';

const SECRET = 'a-secret_of-this-test';
const REAL = { TELEGRAM_BOT_TOKEN: '1:abcdef', PUBLIC_URL: 'https://bot.example/', TELEGRAM_WEBHOOK_SECRET: SECRET };

const faultOf = (environment: Record<string, string>) => {
  try {
    loadConfig(environment);
    return null;
  } catch (error) {
    return String(error);
  }
};

describe('where Telegram brings updates', () => {
  it('is below the address of the site, with the secret', () => {
    expect(webhookOf(loadConfig(REAL))).toEqual({ url: 'https://bot.example/telegram/webhook', secret: SECRET, secrets: [SECRET] });
  });

  it('has a new secret beside the old one while they are exchanged, and Telegram is told the new one', () => {
    const exchange = `the-new-secret_1,${SECRET}`;
    expect(webhookOf(loadConfig({ ...REAL, TELEGRAM_WEBHOOK_SECRET: exchange }))).toMatchObject({ secret: 'the-new-secret_1', secrets: ['the-new-secret_1', SECRET] });
  });

  it.each([
    ['without a secret', { TELEGRAM_BOT_TOKEN: '1:abcdef', PUBLIC_URL: 'https://bot.example' }],
    ['without a bot', { OPENROUTER_API_KEY: 'sk-or-v1-abc', PUBLIC_URL: 'https://bot.example', TELEGRAM_WEBHOOK_SECRET: SECRET }],
    ['in the sandbox', { PUBLIC_URL: 'https://bot.example', TELEGRAM_WEBHOOK_SECRET: SECRET }],
  ])('is nowhere %s, and nothing takes them', (_when, environment) => {
    const config = loadConfig(environment);
    expect(webhookOf(config)).toBeNull();
    const { db } = openDatabase({ url: 'postgres://127.0.0.1:1/none' });
    expect(createIntake({ config, db, clock: systemClock, logger: createLogger('silent'), wakeInbox: () => undefined })).toBeNull();
  });
});

describe('a configuration with a secret', () => {
  it('needs an https address, as Telegram does, and says so', () => {
    expect(faultOf({ ...REAL, PUBLIC_URL: '' })).toContain('PUBLIC_URL is missing: Telegram brings updates to an https address only');
    expect(faultOf({ ...REAL, PUBLIC_URL: 'http://bot.example' })).toContain('PUBLIC_URL');
    expect(faultOf({ ...REAL, PUBLIC_URL: 'http://bot.example', TELEGRAM_API_ROOT: 'https://api.telegram.org/' })).toContain('PUBLIC_URL');
  });

  it('may have a plain address where the Bot API server is our own', () => {
    const own = { ...REAL, TELEGRAM_API_ROOT: 'http://127.0.0.1:8081' };
    expect(faultOf({ ...own, PUBLIC_URL: 'http://127.0.0.1:3000' })).toBeNull();
    expect(faultOf({ ...own, PUBLIC_URL: '' })).toContain('PUBLIC_URL is missing');
  });

  it.each(['short', 'x'.repeat(257), 'with a space in it', 'не латиница совсем', `${SECRET},short`, `${SECRET},${SECRET},${SECRET}`, `${SECRET},`])(
    'that is "%s" is refused without being told',
    (secret) => {
      const fault = faultOf({ ...REAL, TELEGRAM_WEBHOOK_SECRET: secret });
      expect(fault).toContain('TELEGRAM_WEBHOOK_SECRET');
      expect(fault).not.toContain(secret);
    },
  );
});
