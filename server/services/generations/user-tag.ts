import { createHash } from 'node:crypto';

/** The pseudonym that OpenRouter gets instead of a user: stable, and of no use outside this installation's `users` table. */
export function userTag(userId: number): string {
  return createHash('sha256').update(`adtrobot-user:${userId}`).digest('hex').slice(0, 32);
}
