import type { Database } from '#db/client.ts';
import type { Clock } from '#server/lib/clock.ts';
import type { Logger } from '#server/lib/logger.ts';
import type { PasswordHasher } from './hash-password.ts';

/** What the verbs of this area work with. */
export interface AdminDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly passwords: PasswordHasher;
  /** Keys the hashes of session tokens and setup codes. */
  readonly secret: string;
}

export type SessionDeps = Pick<AdminDeps, 'db' | 'clock' | 'secret'>;
