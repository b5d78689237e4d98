import { posix } from 'node:path';
import ts from 'typescript';
import { lineOf, type Source, walk } from './source.ts';

/** One import, re-export or dynamic import of a file. */
export interface Import {
  readonly from: string;
  readonly line: number;
  /** As written. */
  readonly specifier: string;
  /** The file of the repository that it names, null for a package. */
  readonly target: string | null;
  /** Erased by the compiler: `import type`, `export type … from`, or an import inside a type. */
  readonly isTypeOnly: boolean;
  /** Runs only when reached. */
  readonly isDynamic: boolean;
}

/** All imports of a file. `import { type A }` is not type-only: the module is still loaded. */
export function listImports(source: Source): readonly Import[] {
  const imports: Import[] = [];
  walk(source, (node) => {
    const found = readImport(node);
    if (found === null) return;
    imports.push({ ...found, from: source.path, line: lineOf(source, node), target: resolveSpecifier(source.path, found.specifier) });
  });
  return imports;
}

function readImport(node: ts.Node): Pick<Import, 'specifier' | 'isTypeOnly' | 'isDynamic'> | null {
  if (ts.isImportDeclaration(node)) return found(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
  if (ts.isExportDeclaration(node)) return found(node.moduleSpecifier, node.isTypeOnly);
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return found(node.argument.literal, true);
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) return found(node.arguments[0], false, true);
  return null;
}

function found(specifier: ts.Node | undefined, isTypeOnly: boolean, isDynamic = false): ReturnType<typeof readImport> {
  return specifier !== undefined && ts.isStringLiteralLike(specifier) ? { specifier: specifier.text, isTypeOnly, isDynamic } : null;
}

/** `#room/x` and relative paths name files of ours; everything else is a package. */
export function resolveSpecifier(from: string, specifier: string): string | null {
  const path = specifier.replace(/\?.*$/, '');
  if (path.startsWith('#')) return path.slice(1);
  return path.startsWith('.') ? posix.join(posix.dirname(from), path) : null;
}
