import { expect, test } from 'vitest';
import { LoginInput, SetupInput } from '#server/contracts/login.ts';
import { describeFaults, toFormError } from '#app/features/login/form-faults.ts';

function faultsOfLogin(email: string, password: string) {
  const { error } = LoginInput.safeParse({ email, password });
  return error ? describeFaults(error) : {};
}

test('a good form has no fault', () => {
  expect(faultsOfLogin('owner@example.com', 'x')).toEqual({});
});

test('each field says what is wrong with it', () => {
  expect(faultsOfLogin('nobody', '')).toEqual({ email: { kind: 'emailInvalid' }, password: { kind: 'passwordMissing' } });
  expect(faultsOfLogin('owner@example.com', 'x'.repeat(257))).toEqual({ password: { kind: 'passwordLong', maximum: 256 } });
});

test('a new password that is too short is told the least length', () => {
  const { error } = SetupInput.safeParse({ code: 'c', email: 'owner@example.com', password: 'short' });
  expect(error && describeFaults(error)).toEqual({ password: { kind: 'passwordShort', minimum: 12 } });
});

test('refusals of the server have words; one that is unforeseen has general ones', () => {
  expect(toFormError('unauthenticated')).toBe('wrong');
  expect(toFormError('too_many_requests')).toBe('throttled');
  expect(toFormError('conflict')).toBe('ownerExists');
  expect(toFormError('not_found')).toBe('refused');
});
