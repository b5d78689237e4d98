import type { Import } from './imports.ts';

/** What a room may import: the name of another room, `server/*` for all of them. */
interface Permission {
  readonly room: string;
  readonly isTypesOnly: boolean;
}

/** By room, what it may import. */
export type Arrows = ReadonlyMap<string, readonly Permission[]>;

/** Imported by anything, imports nothing. */
const ERRORS_ROOM = 'server/errors';
/** What runs, tests or configures the product; the arrows are about the product. */
const OUTER_ROOMS = ['scripts', 'tests'];
/** Outside every room, and read by the process entry alone: our version. */
const PACKAGE_FILE = 'package.json';

/** Reads the block marked `arrows` of docs/architecture.md; throws when there is none or a line is not an arrow. */
export function readArrows(markdown: string): Arrows {
  const block = /```arrows\n([\s\S]*?)```/.exec(markdown)?.[1];
  if (block === undefined) throw new Error('docs/architecture.md has no block marked ```arrows.');
  const entries = block.split('\n').filter((line) => line.trim() !== '').map(readArrow);
  return new Map([...entries, [ERRORS_ROOM, []]]);
}

function readArrow(line: string): [string, Permission[]] {
  const parts = /^(\S+) ->(.*)$/.exec(line);
  if (parts?.[1] === undefined) throw new Error(`Not an arrow: "${line}". Write "room -> room, room (types)".`);
  const targets = (parts[2] ?? '').split(',').map((target) => target.trim()).filter((target) => target !== '');
  return [parts[1], targets.map((target) => ({ room: target.replace(/ \(types\)$/, ''), isTypesOnly: target.endsWith('(types)') }))];
}

/** The room of a file: `app`, `db`, or `server/` with its folder or, for `server/index.ts` and its neighbours, its name. */
export function roomOf(path: string): string {
  const [top = '', second = ''] = path.split('/');
  return top === 'server' ? `server/${second.replace(/\.\w+$/, '')}` : top;
}

/** Every import between rooms that the arrows do not draw, with what to do about it. */
export function findForbiddenImports(imports: readonly Import[], arrows: Arrows): readonly string[] {
  return imports.flatMap((found) => {
    if (found.target === null) return [];
    const reason = explain(roomOf(found.from), roomOf(found.target), found.isTypeOnly, arrows);
    return reason === null ? [] : [`${found.from}:${found.line} imports ${found.specifier}: ${reason}`];
  });
}

function explain(from: string, to: string, isTypeOnly: boolean, arrows: Arrows): string | null {
  if (from === 'tests' || from === to) return null;
  if (OUTER_ROOMS.includes(to)) return `nothing imports ${to}. Move what is shared into the product.`;
  if (OUTER_ROOMS.includes(from) || to === ERRORS_ROOM) return null;
  if (from === 'server/index' && to === PACKAGE_FILE) return null;
  const permissions = arrows.get(from);
  if (permissions === undefined) return `the room ${from} has no line in docs/architecture.md. Draw it there, or move the file into a room.`;
  const fitting = permissions.filter(({ room }) => room === to || (room === 'server/*' && to.startsWith('server/')));
  if (fitting.length === 0) return `no arrow ${from} -> ${to}. Take it as an argument that the composition root passes in, or move it.`;
  if (!isTypeOnly && fitting.every(({ isTypesOnly }) => isTypesOnly)) return `${from} -> ${to} is for types only. Write "import type".`;
  return null;
}

/** Imports from one feature of the app into another. */
export function findFeatureImports(imports: readonly Import[]): readonly string[] {
  return imports.flatMap(({ from, line, target }) => {
    const [own, other] = [featureOf(from), featureOf(target ?? '')];
    if (own === null || other === null || own === other) return [];
    return [`${from}:${line} imports from the feature ${other}. Move what both need to app/components or app/lib.`];
  });
}

function featureOf(path: string): string | null {
  return /^app\/features\/([^/]+)\//.exec(path)?.[1] ?? null;
}

/** Packages that a room takes although it may take only the named ones. */
export function findForeignPackages(imports: readonly Import[], room: string, allowed: readonly string[]): readonly string[] {
  return imports
    .filter(({ from, target, isTypeOnly }) => roomOf(from) === room && target === null && !isTypeOnly)
    .filter(({ specifier }) => !allowed.some((name) => specifier === name || specifier.startsWith(`${name}/`)))
    .map(({ from, line, specifier }) => `${from}:${line} imports ${specifier}. ${room} may import only ${allowed.join(', ') || 'nothing'}.`);
}
