import { matchRoutes, type AgnosticRouteObject } from '@remix-run/router';
import { UNMATCHED_HANDLER } from '#server/metrics/http.ts';

/** What the Remix build says of a route. */
export interface ManifestRoute {
  readonly id: string;
  readonly parentId?: string | undefined;
  readonly path?: string | undefined;
  readonly index?: boolean | undefined;
}

export interface HandlerMatcher {
  /** Every handler there is: route templates and procedures. */
  readonly handlers: readonly string[];
  /**
   * Whom a request of this path counts for: one handler, each procedure of a batch, or null for what is not counted
   * (`/metrics`, `/health*`, assets). What no route answers is `unmatched`, whatever its path.
   */
  match(path: string): readonly string[] | null;
}

const TRPC_PREFIX = '/trpc/';
/** Longer batches are refused, and count once. */
const BATCH_SIZE_MAX = 10;
/** How the browser asks for parts of the route table; Remix answers it itself. */
const REMIX_MANIFEST_PATH = '/__manifest';

function isUncounted(path: string): boolean {
  return path === '/metrics' || path === '/health' || path.startsWith('/health/') || path.startsWith('/assets/') || path.startsWith('/favicon.');
}

function buildTree(routes: readonly ManifestRoute[], parentId: string | undefined): AgnosticRouteObject[] {
  return routes
    .filter((route) => (route.parentId ?? undefined) === parentId)
    .map(({ id, path, index }) =>
      index === true ? { id, path, index } : { id, path, children: buildTree(routes, id) },
    );
}

function templateOf(paths: readonly (string | undefined)[]): string {
  return `/${paths.filter((path) => path !== undefined && path !== '').join('/')}`.replaceAll(/\/{2,}/g, '/');
}

function listTemplates(tree: readonly AgnosticRouteObject[], above: readonly (string | undefined)[]): string[] {
  return tree.flatMap((route) => {
    const paths = [...above, route.path];
    return [templateOf(paths), ...listTemplates(route.children ?? [], paths)];
  });
}

/** A template of which only parts of the path are known in advance. */
function compileTemplate(template: string): { readonly template: string; readonly pattern: RegExp } {
  const escaped = template.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&');
  return { template, pattern: new RegExp(`^${escaped.replaceAll(/:[^/]+/g, '[^/]+').replaceAll('/*', '(?:/.*)?')}$`, 'i') };
}

/**
 * Remix's own matching, which sorts all routes anew for each path, with what can be known of it in advance: a route without
 * parameters wins over all others, and where one other fits there is nothing to weigh.
 */
function createTemplateFinder(tree: readonly AgnosticRouteObject[]): (path: string) => string {
  const templates = [...new Set(listTemplates(tree, []))];
  const isPlain = templates.every((template) => !template.includes('?'));
  const fixed = new Map(templates.filter((template) => !/[:*]/.test(template)).map((template) => [template.toLowerCase(), template]));
  // What catches everything wins over nothing.
  const open = templates.filter((template) => /[:*]/.test(template) && template !== '/*').map(compileTemplate);
  const byRemix = (path: string) => {
    const matches = matchRoutes([...tree], path) ?? [];
    return matches.length === 0 ? '/*' : templateOf(matches.map(({ route }) => route.path));
  };
  return (path) => {
    if (!isPlain || path.includes('%')) return byRemix(path);
    const known = fixed.get(path.toLowerCase());
    if (known !== undefined) return known;
    const [first, second] = open.filter(({ pattern }) => pattern.test(path));
    return second ? byRemix(path) : (first?.template ?? '/*');
  };
}

/** Finds handlers by the routes of the Remix build and the procedures of the tRPC router. */
export function createHandlerMatcher(manifest: Readonly<Record<string, ManifestRoute | undefined>>, procedures: readonly string[]): HandlerMatcher {
  const tree = buildTree(Object.values(manifest).filter((route) => route !== undefined), undefined);
  const findTemplate = createTemplateFinder(tree);
  const known = new Map(procedures.map((procedure) => [procedure, `trpc.${procedure}`]));
  const templates = listTemplates(tree, []).filter((template) => !template.includes('*') && !isUncounted(template));

  const matchProcedures = (path: string): readonly string[] => {
    const names = path.slice(TRPC_PREFIX.length).split(',');
    if (names.length > BATCH_SIZE_MAX) return [UNMATCHED_HANDLER];
    return names.map((name) => known.get(name) ?? UNMATCHED_HANDLER);
  };

  return {
    handlers: [...new Set([...templates, REMIX_MANIFEST_PATH, ...known.values()])],
    match(path) {
      if (isUncounted(path)) return null;
      if (path === REMIX_MANIFEST_PATH) return [REMIX_MANIFEST_PATH];
      if (path.startsWith(TRPC_PREFIX)) return matchProcedures(path);
      const pagePath = path.endsWith('.data') ? path.slice(0, -'.data'.length).replace(/^\/_root$/, '/') : path;
      const template = findTemplate(pagePath);
      return [template.includes('*') ? UNMATCHED_HANDLER : template];
    },
  };
}
