import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LoginInput, NewPassword, SessionInfo, SetupInput } from '#server/contracts/login.ts';

const messages = (result: { readonly error?: { readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[] } | undefined }) =>
  (result.error?.issues ?? []).map(({ path, message }) => `${path.join('.')} ${message}`.trim());

describe('an e-mail address', () => {
  it('is one account in every spelling of its letters and of the space around it', () => {
    fc.assert(
      fc.property(fc.emailAddress(), fc.nat(3), (email, spaces) => {
        const read = (text: string) => LoginInput.safeParse({ email: text, password: 'x' }).data?.email;
        expect(read(`${' '.repeat(spaces)}${email.toUpperCase()}\n`)).toBe(read(email));
      }),
    );
  });

  const refused = ['', 'owner', 'owner@', '@example.org', 'owner@example', 'a b@example.org', 'owner@example.org\r\nBcc: x@example.org', `${'x'.repeat(250)}@x.org`];
  it.each(refused)('is refused when it is %j', (email) => {
    expect(messages(LoginInput.safeParse({ email, password: 'x' }))).toEqual([expect.stringMatching(/^email /)]);
  });
});

describe('a password', () => {
  it('is taken as it stands: nothing is trimmed, cut or folded', () => {
    const password = fc.string({ unit: 'binary', minLength: 12, maxLength: 64 });
    fc.assert(
      fc.property(password, (text) => {
        expect(LoginInput.parse({ email: 'owner@example.org', password: text }).password).toBe(text);
        expect(NewPassword.parse(text)).toBe(text);
      }),
    );
  });

  it.each([
    [11, 'must have at least 12 characters'],
    [12, null],
    [256, null],
    [257, 'must have at most 256 characters'],
  ])('that is chosen with %i characters is judged in words', (length, words) => {
    expect(messages(NewPassword.safeParse('x'.repeat(length)))).toEqual(words === null ? [] : [words]);
  });

  it('that was chosen under a shorter limit still logs in', () => {
    expect(LoginInput.safeParse({ email: 'owner@example.org', password: 'x' }).success).toBe(true);
  });
});

describe('set-up', () => {
  const input = { code: 'x'.repeat(43), email: 'owner@example.org', password: 'the moon is in Leo' };

  it('keeps nothing beyond its three fields, so nobody names a role of their own', () => {
    expect(SetupInput.parse({ ...input, role: 'owner', adminId: 7, disabledAt: null })).toEqual(input);
  });

  it.each([
    ['no code', { code: '' }, 'code is missing'],
    ['an endless code', { code: 'x'.repeat(201) }, 'code '],
    ['a list of codes', { code: ['a', 'b'] }, 'code '],
    ['a short password', { password: 'short' }, 'password must have at least 12 characters'],
  ])('with %s is refused', (_what, part, words) => {
    expect(messages(SetupInput.safeParse({ ...input, ...part }))).toEqual([expect.stringContaining(words)]);
  });
});

describe('what pages know of a session', () => {
  it('is no more than who it is: a hash or a token beside it is dropped', () => {
    const row = { adminId: 1, email: 'owner@example.org', role: 'owner', passwordHash: '$argon2id$', tokenHash: 'ab' };
    expect(SessionInfo.parse(row)).toEqual({ adminId: 1, email: 'owner@example.org', role: 'owner' });
  });

  it('has one of three roles', () => {
    for (const role of ['admin', 'root', '', null, 'Owner']) expect(SessionInfo.safeParse({ adminId: 1, email: 'x@example.org', role }).success).toBe(false);
  });
});
