import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';

/** One file of the repository, parsed. */
export interface Source {
  /** From the root of the repository, with slashes: `server/bot/worker.ts`. */
  readonly path: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
}

const CODE_FILE = /\.(ts|tsx|mjs|js)$/;
const GENERATED_FILE = /\.gen\./;
const SKIPPED_DIRS = ['node_modules/', 'db/migrations/'];

/** Parses a text as the file that it claims to be; the checker's own tests use it for fixtures. */
export function parseSource(path: string, text: string): Source {
  const kind = path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  return { path, text, tree: ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kind) };
}

/** All code below some directories of the repository, without generated files and migrations. */
export function loadSources(...dirs: readonly string[]): readonly Source[] {
  return dirs.flatMap(listFiles).filter(isCode).sort().map((path) => parseSource(path, readFileSync(path, 'utf8')));
}

/** All files below a directory, from the root of the repository. */
export function listFiles(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`);
}

function isCode(path: string): boolean {
  return CODE_FILE.test(path) && !GENERATED_FILE.test(path) && !SKIPPED_DIRS.some((dir) => path.startsWith(dir));
}

/** Lines of a text as an editor counts them. */
export function countLines(text: string): number {
  return text === '' ? 0 : text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

/** The 1-based line of a node. */
export function lineOf(source: Source, node: ts.Node): number {
  return source.tree.getLineAndCharacterOfPosition(node.getStart(source.tree)).line + 1;
}

/** Calls `visit` for every node of the file. */
export function walk(source: Source, visit: (node: ts.Node) => void): void {
  const step = (node: ts.Node): void => {
    visit(node);
    ts.forEachChild(node, step);
  };
  step(source.tree);
}
