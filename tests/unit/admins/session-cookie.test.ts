import { describe, expect, it } from 'vitest';
import { createToken, hashToken } from '#server/services/admins/hash-token.ts';
import { createSessionCookie } from '#server/services/admins/session-cookie.ts';

const SESSION = { token: 'a-token_1', expiresAt: new Date('2030-01-01T00:00:00Z') };

describe('the session cookie', () => {
  it('is bound to host, path and https where the site is reached by https', () => {
    const parts = createSessionCookie('https://bot.example').serialize(SESSION).split('; ');
    expect(parts[0]).toBe('__Host-adtrobot=a-token_1');
    expect(parts.slice(1).sort()).toEqual(['Expires=Tue, 01 Jan 2030 00:00:00 GMT', 'HttpOnly', 'Path=/', 'SameSite=Lax', 'Secure']);
  });

  it.each(['http://127.0.0.1:3000', null])('works without https for %s, and stays hidden from scripts', (publicUrl) => {
    const header = createSessionCookie(publicUrl).serialize(SESSION);
    expect(header).toMatch(/^adtrobot=a-token_1; /);
    expect(header).toContain('HttpOnly');
    expect(header).toContain('SameSite=Lax');
    expect(header).not.toContain('Secure');
  });

  it('is taken back by a cookie that has expired', () => {
    const header = createSessionCookie(null).serialize(null);
    expect(header).toMatch(/^adtrobot=;/);
    expect(header).toContain('Max-Age=0');
    expect(header).toContain('Expires=Thu, 01 Jan 1970');
  });

  it('is found among other cookies, and only under the name that is in force', () => {
    expect(createSessionCookie(null).read('theme=dark; adtrobot=abc; lang=ru')).toBe('abc');
    expect(createSessionCookie('https://bot.example').read('adtrobot=abc')).toBeNull();
    expect(createSessionCookie(null).read(null)).toBeNull();
    expect(createSessionCookie(null).read('__proto__=x; ;;=')).toBeNull();
  });
});

describe('tokens', () => {
  it('have 256 random bits and are not to be found from what is stored', () => {
    const tokens = new Set(Array.from({ length: 1_000 }, createToken));
    expect(tokens.size).toBe(1_000);
    for (const token of tokens) expect(token).toMatch(/^[\w-]{43}$/);
    // RFC 4231, test case 2.
    expect(hashToken('Jefe', 'what do ya want for nothing?')).toBe('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843');
    expect(hashToken('another secret', 'abc')).not.toBe(hashToken('a secret', 'abc'));
  });
});
