const BASE = 'http://same-origin.invalid';

/**
 * The path, query and fragment of `target` if it stays on this site, else `fallback`. Whatever a browser would read as
 * another host (`//host`, `/\host`, tabs inside, a scheme) is refused.
 */
export function safePath(target: string | null | undefined, fallback = '/'): string {
  if (!target?.startsWith('/') || !URL.canParse(target, BASE)) return fallback;
  const url = new URL(target, BASE);
  const path = `${url.pathname}${url.search}${url.hash}`;
  return url.origin === BASE && !path.startsWith('//') ? path : fallback;
}
