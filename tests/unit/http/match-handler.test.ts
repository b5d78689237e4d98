import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHandlerMatcher, type ManifestRoute } from '#server/http/match-handler.ts';

const ROUTES: ManifestRoute[] = [
  { id: 'root', path: '' },
  { id: 'routes/_index', parentId: 'root', index: true },
  { id: 'routes/monitoring', parentId: 'root', path: 'monitoring' },
  { id: 'routes/monitoring._index', parentId: 'routes/monitoring', index: true },
  { id: 'routes/monitoring.costs', parentId: 'routes/monitoring', path: 'costs' },
  { id: 'routes/_layout', parentId: 'root' },
  { id: 'routes/_layout.users.$id', parentId: 'routes/_layout', path: 'users/:id' },
  { id: 'routes/metrics', parentId: 'root', path: 'metrics' },
  { id: 'routes/health.$check', parentId: 'root', path: 'health/:check' },
  { id: 'routes/trpc.$', parentId: 'root', path: 'trpc/*' },
  { id: 'routes/$', parentId: 'root', path: '*' },
];
const matcher = createHandlerMatcher(Object.fromEntries(ROUTES.map((route) => [route.id, route])), ['overview.get', 'chat.send']);

describe('createHandlerMatcher', () => {
  it('lists templates and procedures, each once, without what is not counted', () => {
    expect([...matcher.handlers].sort()).toEqual(['/', '/__manifest', '/monitoring', '/monitoring/costs', '/users/:id', 'trpc.chat.send', 'trpc.overview.get']);
  });

  it.each([
    ['/', ['/']],
    ['/_root.data', ['/']],
    ['/monitoring', ['/monitoring']],
    ['/monitoring/costs', ['/monitoring/costs']],
    ['/monitoring/costs.data', ['/monitoring/costs']],
    ['/users/7', ['/users/:id']],
    ['/users/seven%20eight', ['/users/:id']],
    ['/__manifest', ['/__manifest']],
    ['/wp-login.php', ['unmatched']],
    ['/users/7/secret', ['unmatched']],
    ['/trpc/overview.get', ['trpc.overview.get']],
    ['/trpc/overview.get,chat.send,overview.get', ['trpc.overview.get', 'trpc.chat.send', 'trpc.overview.get']],
    ['/trpc/overview.get,toString', ['trpc.overview.get', 'unmatched']],
    [`/trpc/${Array(11).fill('overview.get').join(',')}`, ['unmatched']],
    ['/metrics', null],
    ['/health', null],
    ['/health/database', null],
    ['/assets/app-abc.js', null],
    ['/favicon.ico', null],
  ])('counts %s as %j', (path, handlers) => {
    expect(matcher.match(path)).toEqual(handlers);
  });

  it('gives nothing but its own handlers and unmatched, whatever is asked for', () => {
    const known = new Set([...matcher.handlers, 'unmatched']);
    fc.assert(fc.property(fc.webPath(), (path) => (matcher.match(path === '' ? '/' : path) ?? []).every((handler) => known.has(handler))));
  });
});
