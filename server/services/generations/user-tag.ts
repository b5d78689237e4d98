import { createHmac } from 'node:crypto';

/** The pseudonym that OpenRouter gets instead of a user: stable, and not to be reversed without this installation's secret. */
export function userTag(secret: string, userId: number): string {
  return createHmac('sha256', secret).update(`user:${userId}`).digest('hex').slice(0, 32);
}
