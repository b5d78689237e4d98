import fc from 'fast-check';
import { expect, test } from 'vitest';
import { safePath } from '#app/lib/safe-path.ts';

test.each(['/monitoring', '/monitoring?range=7d', '/a/b?c=d#e', '/'])('%s is kept', (path) => {
  expect(safePath(path, '/home')).toBe(path);
});

test.each([
  null,
  undefined,
  '',
  'monitoring',
  'https://evil.example/',
  '//evil.example',
  '/\\evil.example',
  '/\t/evil.example',
  '/.//evil.example',
  '/..//evil.example',
  'javascript:alert(1)',
  '\\\\evil.example',
])('%j leads to the fallback', (target) => {
  expect(safePath(target, '/home')).toBe('/home');
});

test('whatever is given, a browser that follows the result stays on the site', () => {
  const segment = fc.constantFrom('/', '\\', '.', '..', '\t', '\n', '@', ':', '//', 'evil.example', '%2f', '?', '#', 'a');
  fc.assert(
    fc.property(fc.array(segment, { maxLength: 8 }), (segments) => {
      const path = safePath(`/${segments.join('')}`, '/home');
      expect(new URL(path, 'https://site.example').host).toBe('site.example');
    }),
  );
});
