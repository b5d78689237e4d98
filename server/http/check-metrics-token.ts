import { createHash, timingSafeEqual } from 'node:crypto';

const digest = (text: string) => createHash('sha256').update(text).digest();

/** Makes the check of `/metrics`: open without a token, else it needs `Authorization: Bearer <token>`, compared in constant time. */
export function createMetricsTokenCheck(token: string | null): (authorization: string | null) => boolean {
  if (token === null) return () => true;
  const expected = digest(token);
  return (authorization) => {
    const [, given] = /^Bearer +(\S+) *$/i.exec(authorization ?? '') ?? [];
    // Digests are equally long, so the comparison tells nothing of the token's length either.
    return timingSafeEqual(digest(given ?? ''), expected) && given !== undefined;
  };
}
