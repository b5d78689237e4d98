import { createHmac, randomBytes } from 'node:crypto';

const TOKEN_SIZE_BYTES = 32;

/** A secret that nobody can guess: 256 random bits, safe in a URL and in a cookie. */
export function createToken(): string {
  return randomBytes(TOKEN_SIZE_BYTES).toString('base64url');
}

/**
 * HMAC-SHA-256 in hex: what is stored of a token, so that a copy of the database logs nobody in. Another secret makes all
 * tokens void.
 */
export function hashToken(secret: string, token: string): string {
  return createHmac('sha256', secret).update(token).digest('hex');
}
