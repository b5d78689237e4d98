import { hash, verify } from '@node-rs/argon2';
import { AppError } from '#server/errors.ts';

/** argon2id (the library's default) with 46 MiB and one pass: about 20 ms, what OWASP names as the floor. */
const ARGON2_OPTIONS = { memoryCost: 47_104, timeCost: 1, parallelism: 1 } as const;
/** Each running hash holds 46 MiB and a core. */
const CONCURRENT_MAX = 2;
const WAITING_MAX = 16;

export interface PasswordHasher {
  /** argon2id in the PHC format. Rejects with `too_many_requests` when too many wait already. */
  hash(password: string): Promise<string>;
  /**
   * Whether the password is the one behind the hash. Null stands for an account that does not exist: the same work is
   * done and the answer is no. Rejects with `too_many_requests` when too many wait already.
   */
  verify(passwordHash: string | null, password: string): Promise<boolean>;
}

/** At most two hashes run and sixteen wait, whatever arrives: a flood of log-ins cannot take memory or all cores. */
export function createPasswordHasher(): PasswordHasher {
  const waiting: (() => void)[] = [];
  let runningCount = 0;
  let dummyHash: Promise<string> | undefined;

  const run = async <T>(work: () => Promise<T>): Promise<T> => {
    if (runningCount >= CONCURRENT_MAX) {
      if (waiting.length >= WAITING_MAX) throw new AppError('too_many_requests', 'Too many people are logging in. Try again in a moment.');
      // Whoever ends passes its place on, so the count stays.
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else runningCount += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else runningCount -= 1;
    }
  };

  return {
    hash: (password) => run(() => hash(password, ARGON2_OPTIONS)),
    async verify(passwordHash, password) {
      dummyHash ??= hash('no account has this password', ARGON2_OPTIONS);
      const dummy = await dummyHash;
      const isRight = await run(() => verify(passwordHash ?? dummy, password));
      return isRight && passwordHash !== null;
    },
  };
}
