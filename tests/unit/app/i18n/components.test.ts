import { globSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { expect, test } from 'vitest';

/** Attributes whose text a visitor reads or hears. */
const READ_ATTRIBUTES = new Set(['title', 'label', 'aria-label', 'alt', 'placeholder', 'caption']);
const HAS_WORD = /\p{L}{2,}/u;

function findTexts(path: string): string[] {
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node) && HAS_WORD.test(node.text)) found.push(`${path}: ${node.text.trim()}`);
    const isRead = ts.isJsxAttribute(node) && READ_ATTRIBUTES.has(node.name.getText());
    if (isRead && node.initializer && ts.isStringLiteral(node.initializer)) found.push(`${path}: ${node.initializer.text}`);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

test('components hold no words of their own: every text comes from the translations', () => {
  expect(globSync('app/**/*.tsx').flatMap(findTexts)).toEqual([]);
});
