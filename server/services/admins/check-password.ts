import { AppError } from '#server/errors.ts';

/** Long enough for the length rule, and still in every list that attackers start with. */
const COMMON_PASSWORDS = new Set([
  '123456789012', '1234567890123', '12345678901234', '123456789123', '123123123123', '111111111111', '000000000000', 'qwertyuiop12',
  'qwertyuiop123', 'qwerty123456', 'qwertyuiopasdf', '1q2w3e4r5t6y', 'passwordpassword', 'password1234', 'password12345', 'password123456',
  'administrator', 'administrator1', 'letmeinletmein', 'changemechangeme', 'adtrobotadtrobot', 'adtrobot1234', 'iloveyou1234', 'abcdefghijkl',
  'abcdefghijklm', 'abc123abc123', 'welcome12345', 'admin1234567', 'adminadminadmin', 'monkeymonkey',
]);

/** Throws `bad_input` for a password that is the e-mail address, one character over and over, or among the commonest. */
export function checkPassword(email: string, password: string): void {
  const lowered = password.toLowerCase();
  const mailbox = email.split('@')[0] ?? '';
  if (lowered === email.toLowerCase() || (mailbox.length >= 4 && lowered === mailbox.repeat(2))) {
    throw new AppError('bad_input', 'The password must not be the e-mail address.');
  }
  if (COMMON_PASSWORDS.has(lowered) || new Set(lowered).size < 3) {
    throw new AppError('bad_input', 'This password is among the first that anybody would try. Choose another.');
  }
}
