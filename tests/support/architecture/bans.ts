import ts from 'typescript';
import { lineOf, type Source, walk } from './source.ts';

/** Something that is nowhere allowed, and what to do instead. */
interface Ban {
  readonly what: string;
  readonly fix: string;
  readonly matches: (node: ts.Node) => boolean;
}

const TEST_FUNCTIONS = ['test', 'it', 'describe', 'suite'];
const SKIPPING_METHODS = ['skip', 'only', 'todo', 'fails', 'fixme', 'skipIf', 'runIf'];
const COMMENT_BANS = [
  { pattern: /@ts-(ignore|expect-error|nocheck)/, fix: 'Make the types true.' },
  { pattern: /\b(TODO|FIXME|XXX)\b/, fix: 'Do it now, or write an issue.' },
];

/** Everywhere, tests included. */
const GENERAL_BANS: readonly Ban[] = [
  { what: 'any', fix: 'Use unknown and narrow it.', matches: (node) => node.kind === ts.SyntaxKind.AnyKeyword },
  { what: 'a cast that lies (as never, as unknown as)', fix: 'Parse the value, or give it its true type.', matches: isLyingCast },
  { what: 'a module mock', fix: 'Pass the dependency in, and fake at the network edge.', matches: isModuleMock },
  { what: 'a skipped or focused test', fix: 'Make it run, or remove it.', matches: isSkippedTest },
];

const ENVIRONMENT_BAN: Ban = {
  what: 'process.env',
  fix: 'Only server/config.ts reads the environment; take the value as an argument.',
  matches: (node) => isProcessMember(node, 'env'),
};

const EXIT_BAN: Ban = {
  what: 'process.exit',
  fix: 'Only server/index.ts ends the process; throw, or return from the entry.',
  matches: (node) => isProcessMember(node, 'exit'),
};

/** What a file holds that is nowhere allowed. */
export function findBanned(source: Source): readonly string[] {
  return [...matchBans(source, GENERAL_BANS), ...findBannedComments(source)];
}

/** Where product code reads the environment or ends the process although it may not. */
export function findProcessUse(source: Source): readonly string[] {
  const mayExit = source.path === 'server/index.ts' || /^server\/sandbox\/.*main\.ts$/.test(source.path);
  const mayRead = source.path === 'server/config.ts';
  return matchBans(source, [...(mayRead ? [] : [ENVIRONMENT_BAN]), ...(mayExit ? [] : [EXIT_BAN])]);
}

function matchBans(source: Source, bans: readonly Ban[]): readonly string[] {
  const faults: string[] = [];
  walk(source, (node) => {
    for (const { what, fix, matches } of bans) {
      if (matches(node)) faults.push(`${source.path}:${lineOf(source, node)} has ${what}. ${fix}`);
    }
  });
  return faults;
}

function findBannedComments(source: Source): readonly string[] {
  return listComments(source.tree).flatMap(({ text, position }) =>
    COMMENT_BANS.flatMap(({ pattern, fix }) => {
      const match = pattern.exec(text);
      if (match === null) return [];
      const line = source.tree.getLineAndCharacterOfPosition(position + match.index).line + 1;
      return [`${source.path}:${line} has ${match[0]} in a comment. ${fix}`];
    }),
  );
}

/** The comments before and after each token, each once. */
function listComments(tree: ts.SourceFile): readonly { text: string; position: number }[] {
  const byPosition = new Map<number, string>();
  const collect = (node: ts.Node): void => {
    const children = node.getChildren(tree);
    const isText = node.kind === ts.SyntaxKind.JsxText;
    const before = children.length > 0 || isText ? [] : (ts.getLeadingCommentRanges(tree.text, node.pos) ?? []);
    const after = isText ? [] : (ts.getTrailingCommentRanges(tree.text, node.end) ?? []);
    for (const { pos, end } of [...before, ...after]) byPosition.set(pos, tree.text.slice(pos, end));
    children.forEach(collect);
  };
  collect(tree);
  return [...byPosition].map(([position, text]) => ({ text, position }));
}

function isLyingCast(node: ts.Node): boolean {
  if (!ts.isAsExpression(node)) return false;
  if (node.type.kind === ts.SyntaxKind.NeverKeyword) return true;
  const inner = ts.isParenthesizedExpression(node.expression) ? node.expression.expression : node.expression;
  return ts.isAsExpression(inner) && inner.type.kind === ts.SyntaxKind.UnknownKeyword;
}

function isModuleMock(node: ts.Node): boolean {
  return ts.isCallExpression(node) && /^vi\.(mock|doMock|hoisted)$/.test(node.expression.getText());
}

function isSkippedTest(node: ts.Node): boolean {
  if (!ts.isPropertyAccessExpression(node) || !SKIPPING_METHODS.includes(node.name.text)) return false;
  let root: ts.Expression = node.expression;
  while (ts.isPropertyAccessExpression(root)) root = root.expression;
  return ts.isIdentifier(root) && TEST_FUNCTIONS.includes(root.text);
}

function isProcessMember(node: ts.Node, member: string): boolean {
  if (ts.isPropertyAccessExpression(node)) return node.name.text === member && node.expression.getText() === 'process';
  const isProcessImport = ts.isImportDeclaration(node) && /['"](node:)?process['"]/.test(node.moduleSpecifier.getText());
  return isProcessImport && new RegExp(`\\b${member}\\b`).test(node.importClause?.getText() ?? '');
}
