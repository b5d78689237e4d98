import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBearerCheck } from '#server/lib/bearer-check.ts';

const TOKEN = 'a-long-metrics-token';

describe('the check of a bearer token', () => {
  it('lets everybody pass where there is no token', () => {
    const isAllowed = createBearerCheck(null);
    for (const header of [null, '', `Bearer ${TOKEN}`, 'nonsense']) expect(isAllowed(header)).toBe(true);
  });

  it.each([`Bearer ${TOKEN}`, `bearer ${TOKEN}`, `BEARER   ${TOKEN}`, `Bearer ${TOKEN} `])('takes %j', (header) => {
    expect(createBearerCheck(TOKEN)(header)).toBe(true);
  });

  it.each([null, '', 'Bearer', 'Bearer ', TOKEN, `Basic ${TOKEN}`, `Bearer ${TOKEN}x`, `Bearer ${TOKEN.slice(1)}`, `Bearer ${TOKEN} x`, ` Bearer ${TOKEN}`, `Bearer ${TOKEN.toUpperCase()}`])(
    'refuses %j',
    (header) => expect(createBearerCheck(TOKEN)(header)).toBe(false),
  );

  it('takes no header but its own', () => {
    const isAllowed = createBearerCheck(TOKEN);
    fc.assert(fc.property(fc.string(), (text) => !isAllowed(text) && !isAllowed(`Bearer ${text}`)));
  });
});
