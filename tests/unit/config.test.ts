import { expect, test } from 'vitest';
import { ConfigError, loadConfig } from '#server/config.ts';

function faultsOf(environment: Record<string, string>): string {
  try {
    loadConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return '';
}

test('nothing set is a whole configuration: the sandbox, on port 3000', () => {
  const config = loadConfig({});
  expect(config.services).toEqual({ kind: 'sandbox' });
  expect(config.values).toMatchObject({ PORT: 3000, DATA_DIR: '.data', REPORTING_TIMEZONE: 'UTC' });
});

test('all faults stand in one message', () => {
  const message = faultsOf({ PORT: 'http', REPORTING_TIMEZONE: 'Mars/Olympus', DATABASE_URL: 'mysql://x', LOG_LEVEL: 'loud', OWNER_EMAIL: 'owner@example.org' });
  for (const name of ['PORT', 'REPORTING_TIMEZONE', 'DATABASE_URL', 'LOG_LEVEL', 'OWNER_PASSWORD']) expect(message).toContain(name);
});

test('a fault names the variable and never its value', () => {
  const secret = 'hunter2hunter2';
  expect(faultsOf({ TELEGRAM_BOT_TOKEN: secret, METRICS_TOKEN: 'short', OPENROUTER_API_KEY: 'k', OWNER_PASSWORD: 'tiny', OWNER_EMAIL: secret })).not.toContain(secret);
});

test('an empty variable counts as unset', () => expect(loadConfig({ PORT: '', TELEGRAM_BOT_TOKEN: '' }).values.PORT).toBe(3000));

test('one of the two services set leaves the other disabled, not in the sandbox', () => {
  expect(loadConfig({ OPENROUTER_API_KEY: 'sk-or-v1-abc' }).services).toEqual({
    kind: 'real',
    telegram: null,
    openRouter: { apiKey: 'sk-or-v1-abc', baseUrl: 'https://openrouter.ai/api/v1' },
  });
  expect(loadConfig({ TELEGRAM_BOT_TOKEN: '1:abcdef' }).services).toMatchObject({ kind: 'real', openRouter: null });
});

test('an operation may have a model of its own', () => {
  const { models } = loadConfig({ AI_MODEL: 'a/b', AI_MODEL_NATAL_CHART: 'c/d' });
  expect(models).toEqual({ horoscope: 'a/b', tarot_card: 'a/b', tarot_three_cards: 'a/b', natal_chart: 'c/d' });
});

test('processes that share a database must share the session secret', () => {
  expect(faultsOf({ DATABASE_URL: 'postgres://localhost/adtrobot' })).toContain('SESSION_SECRET');
});

test('addresses lose their trailing slash', () => {
  expect(loadConfig({ PUBLIC_URL: 'https://bot.example.org/' }).values.PUBLIC_URL).toBe('https://bot.example.org');
});

test('interactions are kept for half a year and the ledger for ever unless said otherwise; 0 is for ever', () => {
  expect(loadConfig({}).values).toMatchObject({ RETENTION_INTERACTIONS_DAYS: 180, RETENTION_LEDGER_DAYS: 0 });
  expect(loadConfig({ RETENTION_INTERACTIONS_DAYS: '0', RETENTION_LEDGER_DAYS: '400' }).values).toMatchObject({ RETENTION_INTERACTIONS_DAYS: 0, RETENTION_LEDGER_DAYS: 400 });
});

test.each(['34', '-1', '40.5', '40000', 'forever'])('a retention of %s days is refused with what is allowed', (days) => {
  expect(faultsOf({ RETENTION_INTERACTIONS_DAYS: days })).toMatch(/RETENTION_INTERACTIONS_DAYS must be (?:0 \(for ever\) or at least 35|at most 36500|a whole number of|a number of) days/);
  expect(faultsOf({ RETENTION_LEDGER_DAYS: days })).toContain('RETENTION_LEDGER_DAYS must be');
});
