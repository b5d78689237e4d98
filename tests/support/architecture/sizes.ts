import ts from 'typescript';
import { countLines, lineOf, type Source, walk } from './source.ts';

export const FILE_LINES_MAX = 400;
export const NINE_OF_TEN_LINES_MAX = 220;
export const MEDIAN_LINES_MAX = 80;
export const FUNCTION_LINES_MAX = 60;

/** Files longer than the limit. */
export function findLongFiles(sources: readonly Source[]): readonly string[] {
  return sources
    .filter(({ text }) => countLines(text) > FILE_LINES_MAX)
    .map(({ path, text }) => `${path} has ${countLines(text)} lines, ${FILE_LINES_MAX} are allowed. Split it by what it does.`);
}

/** The line count that the given share of the files does not exceed. */
export function quantileLines(sources: readonly Source[], share: number): number {
  const sorted = sources.map(({ text }) => countLines(text)).sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

/** Functions, methods and arrow functions longer than the limit. */
export function findLongFunctions(source: Source): readonly string[] {
  const faults: string[] = [];
  walk(source, (node) => {
    if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined) return;
    const first = lineOf(source, node);
    const lines = source.tree.getLineAndCharacterOfPosition(node.end).line + 2 - first;
    if (lines <= FUNCTION_LINES_MAX) return;
    faults.push(`${source.path}:${first} is a function of ${lines} lines, ${FUNCTION_LINES_MAX} are allowed. Give its parts names.`);
  });
  return faults;
}
