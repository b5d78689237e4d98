import { describe, expect, it } from 'vitest';
import { checkPassword } from '#server/services/admins/check-password.ts';
import { NewPassword } from '#server/contracts/login.ts';

describe('checkPassword', () => {
  it.each([
    ['the e-mail address', 'owner@example.org'],
    ['the e-mail address in capitals', 'OWNER@example.org'],
    ['the mailbox twice', 'ownerowner'],
    ['a common one', 'Password1234'],
    ['one character over and over', 'aaaaaaaaaaaaaaaa'],
  ])('refuses %s', (_what, password) => {
    expect(() => checkPassword('owner@example.org', password)).toThrow(expect.objectContaining({ code: 'bad_input' }));
  });

  it.each([
    ['a sentence', 'the moon is in the seventh house'],
    ['any script', 'звёзды не лгут никогда'],
    ['a long one', 'x1y2z3'.repeat(40)],
  ])('accepts %s', (_what, password) => {
    expect(NewPassword.safeParse(password).success).toBe(true);
    expect(() => checkPassword('owner@example.org', password)).not.toThrow();
  });
});
