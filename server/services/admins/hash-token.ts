import { createHash, randomBytes } from 'node:crypto';

const TOKEN_SIZE_BYTES = 32;

/** A secret that nobody can guess: 256 random bits, safe in a URL and in a cookie. */
export function createToken(): string {
  return randomBytes(TOKEN_SIZE_BYTES).toString('base64url');
}

/** SHA-256 in hex: what is stored of a token, so that a copy of the database logs nobody in. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
