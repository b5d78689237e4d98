import { describe, expect, it } from 'vitest';
import { createPasswordHasher } from '#server/services/admins/hash-password.ts';

const PASSWORD = 'correct horse battery';

describe('createPasswordHasher', () => {
  it('makes argon2id hashes with 46 MiB and one pass, parameters inside, no two alike', async () => {
    const passwords = createPasswordHasher();
    const [one, other] = await Promise.all([passwords.hash(PASSWORD), passwords.hash(PASSWORD)]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=47104,t=1,p=1\$/);
    expect(one).not.toBe(other);
    expect(await passwords.verify(one, PASSWORD)).toBe(true);
    expect(await passwords.verify(one, `${PASSWORD} `)).toBe(false);
  });

  it('cuts nothing off: a 73rd byte and what follows a NUL count', async () => {
    const passwords = createPasswordHasher();
    const long = 'ab'.repeat(36);
    expect(await passwords.verify(await passwords.hash(`${long}x`), `${long}y`)).toBe(false);
    expect(await passwords.verify(await passwords.hash('before\u0000after'), 'before\u0000other')).toBe(false);
  });

  it('says no for an account that does not exist, whatever the password', async () => {
    expect(await createPasswordHasher().verify(null, 'no account has this password')).toBe(false);
  });

  it('refuses what is more than it can queue, finishes the rest, and is free again after', async () => {
    const passwords = createPasswordHasher();
    const flood = await Promise.allSettled(Array.from({ length: 60 }, () => passwords.hash(PASSWORD)));
    const refused = flood.filter((result) => result.status === 'rejected');
    expect(flood.length - refused.length).toBe(18);
    for (const result of refused) expect(result.reason).toMatchObject({ code: 'too_many_requests' });
    await expect(passwords.hash(PASSWORD)).resolves.toMatch(/^\$argon2id/);
  });
});
