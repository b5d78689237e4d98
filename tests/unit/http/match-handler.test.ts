import { matchRoutes, type AgnosticRouteObject } from '@remix-run/router';
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

/** Routes of all shapes, so that several fit one path. */
const MANY: ManifestRoute[] = [
  { id: 'root', path: '' },
  { id: 'index', parentId: 'root', index: true },
  { id: 'a', parentId: 'root', path: 'a' },
  { id: 'a.b', parentId: 'a', path: 'b' },
  { id: 'a.x', parentId: 'a', path: ':x' },
  { id: 'a.x.edit', parentId: 'a.x', path: 'edit' },
  { id: 'a.all', parentId: 'a', path: 'b/*' },
  { id: 'x.b', parentId: 'root', path: ':x/b' },
  { id: 'file', parentId: 'root', path: 'file.txt' },
  { id: 'c', parentId: 'root', path: 'c/*' },
  { id: 'all', parentId: 'root', path: '*' },
];

describe('what is known of the routes in advance', () => {
  const piece = fc.constantFrom('a', 'b', 'c', 'A', 'edit', 'file.txt', 'fileXtxt', 'x', '7', '%61', 'a%2Fb', '*', ':x');
  const anyPath = fc.array(piece, { maxLength: 4 }).map((pieces) => `/${pieces.join('/')}`);
  const withOptional: ManifestRoute[] = [...MANY, { id: 'lang', parentId: 'root', path: 'l/:lang?/about' }];

  it.each([['without optional parts', MANY], ['with one', withOptional]])('leads to the very route that Remix answers with, for routes %s', (_which, routes) => {
    const { match } = createHandlerMatcher(Object.fromEntries(routes.map((route) => [route.id, route])), []);
    const children = (parentId: string | undefined): AgnosticRouteObject[] =>
      routes.filter((route) => route.parentId === parentId).map(({ id, path, index }) => (index === true ? { id, path, index } : { id, path, children: children(id) }));
    const tree = children(undefined);
    fc.assert(
      fc.property(fc.oneof(anyPath, fc.constantFrom('/l/about', '/l/de/about')), (path) => {
        const template = `/${(matchRoutes(tree, path) ?? []).map(({ route }) => route.path ?? '').filter((part) => part !== '').join('/')}`;
        expect(match(path)).toEqual([template.includes('*') ? 'unmatched' : template]);
      }),
      { numRuns: 2_000 },
    );
  });
});
