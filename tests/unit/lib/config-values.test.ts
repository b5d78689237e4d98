import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONFIG_KEYS, ConfigError, loadConfig } from '#server/config.ts';

/** The faults of a configuration, one per line, without the heading. */
function faultsOf(environment: Record<string, string | undefined>): readonly string[] {
  try {
    loadConfig(environment);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.split('\n').slice(1).map((line) => line.replace('  - ', ''));
  }
}

const OWNER = { OWNER_EMAIL: 'owner@example.org', OWNER_PASSWORD: 'the moon is in Leo' };

describe('a value', () => {
  it.each([
    ['PORT', ['0', '65535'], ['-1', '65536', '3000.5', 'http', 'Infinity']],
    ['TRUST_PROXY_COUNT', ['0', '5'], ['-1', '6', '0.5', 'all']],
    ['SANDBOX_USERS', ['0', '5000'], ['5001', '-1']],
    ['SANDBOX_HISTORY_DAYS', ['0', '365'], ['366', '-1']],
    ['OWNER_TELEGRAM_CHAT_ID', ['7000000001', '-1001234567890'], ['@owner', '1.5']],
    ['METRICS_TOKEN', ['x'.repeat(16)], ['x'.repeat(15)]],
    ['SESSION_SECRET', ['x'.repeat(16)], ['short']],
    ['PUBLIC_URL', ['https://bot.example', 'http://127.0.0.1:3000'], ['javascript:alert(1)', 'ftp://bot.example', 'bot.example', '//bot.example']],
    ['OPENROUTER_BASE_URL', ['https://openrouter.ai/api/v1'], ['file:///etc/passwd', 'openrouter.ai']],
    ['TELEGRAM_BOT_TOKEN', ['123456:ABC-DEF_1'], ['123456', 'abc:def', '1:a b c']],
    ['AI_MODEL', ['google/gemini-2.5-flash', '~x-ai/grok:free'], ['gemini', 'a/b/c', 'a/b c', '/b', 'a/']],
    ['AI_FALLBACK_MODELS', ['none', 'a/b', 'a/b, c/d ,e/f'], ['a/b,c/d,e/f,g/h', 'a/b,gemini']],
    ['REPORTING_TIMEZONE', ['Europe/Moscow', 'Asia/Kolkata', 'UTC'], ['Mars/Olympus', 'Moscow time']],
    ['LOG_LEVEL', ['silent', 'trace'], ['loud', 'INFO']],
    ['GIT_COMMIT', ['abcdef1', 'a'.repeat(40)], ['abc', 'ABCDEF1', 'a'.repeat(41)]],
  ])('of %s is accepted within its bounds, and refused by its name beyond them', (name, good, bad) => {
    for (const value of good) expect(faultsOf({ [name]: value }), value).toEqual([]);
    for (const value of bad) {
      const [fault, ...others] = faultsOf({ [name]: value });
      expect(fault, value).toMatch(new RegExp(`^${name}`));
      expect(others, value).toEqual([]);
    }
  });

  it('is never told in a fault, whatever it is', () => {
    const canary = fc.stringMatching(/^[a-z]{20}$/);
    fc.assert(
      fc.property(fc.constantFrom(...CONFIG_KEYS), canary, (name, value) => {
        expect(faultsOf({ [name]: `=${value}=` }).join('\n')).not.toContain(value);
      }),
    );
  });

  it('of the wrong kind never gets through: every configuration is refused in words or whole', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...CONFIG_KEYS, '__proto__', 'constructor'), fc.string()), (environment) => {
        const faults = faultsOf(environment);
        for (const fault of faults) expect(fault).toMatch(/^[A-Z_]+(?:\.\d+)? \S/);
      }),
    );
  });
});

describe('the owner', () => {
  it('needs both an e-mail and a password, each missing one being named', () => {
    expect(faultsOf({ OWNER_EMAIL: OWNER.OWNER_EMAIL })).toEqual(['OWNER_PASSWORD is missing: the first owner needs both']);
    expect(faultsOf({ OWNER_PASSWORD: OWNER.OWNER_PASSWORD })).toEqual(['OWNER_EMAIL is missing: the first owner needs both']);
    expect(faultsOf({ ...OWNER, OWNER_PASSWORD: '' })).toEqual(['OWNER_PASSWORD is missing: the first owner needs both']);
    expect(faultsOf({ ...OWNER, OWNER_PASSWORD: 'x'.repeat(11) })).toEqual(['OWNER_PASSWORD must have at least 12 characters']);
  });

  it('is written in lower case, and is nobody where none is configured', () => {
    expect(loadConfig({ ...OWNER, OWNER_EMAIL: 'Owner@Example.org' }).owner).toEqual({ email: 'owner@example.org', password: OWNER.OWNER_PASSWORD });
    expect(loadConfig({}).owner).toBeNull();
  });
});

describe('the configuration', () => {
  it('names every model that may be asked, each once', () => {
    const { allModels } = loadConfig({ AI_MODEL: 'a/b', AI_MODEL_HOROSCOPE: 'c/d', AI_FALLBACK_MODELS: 'a/b,e/f', AI_CHEAPER_MODEL: 'c/d' });
    expect([...allModels].sort()).toEqual(['a/b', 'c/d', 'e/f']);
  });

  it('cannot be changed after it was read', () => {
    const config = loadConfig({ PORT: '4000' });
    expect(() => Object.assign(config, { owner: OWNER })).toThrow(TypeError);
    expect(() => Object.assign(config.values, { PORT: 1 })).toThrow(TypeError);
    expect(config.values.PORT).toBe(4000);
  });

  it('does not take from the environment what is not its own', () => {
    const values = loadConfig({ PORT: '4000', HOME: '/root', AWS_SECRET: 'canary' }).values;
    expect(JSON.stringify(values)).not.toContain('canary');
    expect(Object.keys(values).filter((key) => !CONFIG_KEYS.some((known) => known === key))).toEqual([]);
  });

  it('needs no secret of sessions where the database is ours, and takes one where it is shared', () => {
    expect(faultsOf({ DATABASE_URL: 'postgresql://db.internal/adtrobot', SESSION_SECRET: 'x'.repeat(16) })).toEqual([]);
    expect(faultsOf({ SESSION_SECRET: 'x'.repeat(16) })).toEqual([]);
  });

  it('says which build runs, or that it is not known', () => {
    expect([loadConfig({ GIT_COMMIT: 'abcdef1' }).commit, loadConfig({}).commit]).toEqual(['abcdef1', 'unknown']);
  });
});
