import { createSecretCheck } from './secret-check.ts';

/** Makes the check of an `Authorization` header: open without a token, else it must be `Bearer <token>`, compared in constant time. */
export function createBearerCheck(token: string | null): (authorization: string | null) => boolean {
  if (token === null) return () => true;
  const isToken = createSecretCheck([token]);
  return (authorization) => {
    const [, given] = /^Bearer +(\S+) *$/i.exec(authorization ?? '') ?? [];
    return isToken(given ?? null);
  };
}
