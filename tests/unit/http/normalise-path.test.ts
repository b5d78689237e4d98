import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalisePath } from '#server/http/normalise-path.ts';
import { isPublicPath } from '#server/http/gate.ts';

describe('normalisePath', () => {
  it.each([
    ['/', '/'],
    ['/monitoring', '/monitoring'],
    ['/monitoring/', '/monitoring'],
    ['/a.b/c..d', '/a.b/c..d'],
    ['/users/%D0%BB%D1%83%D0%BD%D0%B0', '/users/%D0%BB%D1%83%D0%BD%D0%B0'],
  ])('reads %s as %s', (path, normal) => {
    expect(normalisePath(path)).toBe(normal);
  });

  it.each(['', 'monitoring', '*', 'http://other.example/login', '//', '/a//b', '/a/./b', '/a/..', '/..', '/a%2Fb', '/a%5cb', '/a%2e%2e/b', '/a%00', '/a\\b', '/a\u0000', '/a b', '/%', '/%c3%28'])('refuses %j', (path) => {
    expect(normalisePath(path)).toBeNull();
  });

  it('does not change a path that is normal already', () => {
    fc.assert(
      fc.property(fc.webPath(), (path) => {
        const normal = normalisePath(path);
        return normal === null || normalisePath(normal) === normal;
      }),
    );
  });

  it('agrees with the URL parser that routing uses, so that nothing public can be spelled as something else', () => {
    const spelling = fc.array(fc.constantFrom('/', 'login', 'monitoring', '.', '..', '%2e', '%2f', '\\', 'health', 'live', '%6c', '?', '#', ';'), { maxLength: 8 });
    fc.assert(
      fc.property(spelling, (parts) => {
        const normal = normalisePath(`/${parts.join('')}`.split('?')[0] ?? '');
        if (normal === null || !isPublicPath(normal)) return true;
        return new URL(normal, 'http://site.example').pathname === normal;
      }),
      { numRuns: 2_000 },
    );
  });
});
