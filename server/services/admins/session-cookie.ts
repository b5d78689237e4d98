import { parseCookie, stringifySetCookie } from 'cookie';
import type { NewSession } from '#server/contracts/load-context.ts';

export interface SessionCookie {
  /** The `Set-Cookie` value that carries a session, or that ends it (null). */
  serialize(session: NewSession | null): string;
  /** The token in a `Cookie` header, or null. */
  read(cookieHeader: string | null): string | null;
}

/**
 * The cookie of sessions. Behind https its name starts with `__Host-`, which makes the browser refuse it from any other
 * host or path and without `Secure`; over plain http (a first start on one's own machine) browsers would drop such a cookie.
 */
export function createSessionCookie(publicUrl: string | null): SessionCookie {
  const isSecure = publicUrl?.startsWith('https:') ?? false;
  const name = isSecure ? '__Host-adtrobot' : 'adtrobot';
  const attributes = { httpOnly: true, sameSite: 'lax', path: '/', secure: isSecure } as const;
  return {
    serialize: (session) =>
      session === null
        ? stringifySetCookie({ name, value: '', ...attributes, expires: new Date(0), maxAge: 0 })
        : stringifySetCookie({ name, value: session.token, ...attributes, expires: session.expiresAt }),
    read: (cookieHeader) => (cookieHeader === null ? null : (parseCookie(cookieHeader)[name] ?? null)),
  };
}
