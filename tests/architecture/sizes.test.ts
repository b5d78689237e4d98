import { expect, test } from 'vitest';
import {
  FILE_LINES_MAX,
  findLongFiles,
  findLongFunctions,
  MEDIAN_LINES_MAX,
  NINE_OF_TEN_LINES_MAX,
  quantileLines,
} from '#tests/support/architecture/sizes.ts';
import { countLines, loadSources, parseSource, type Source } from '#tests/support/architecture/source.ts';

const product = loadSources('app', 'server', 'db', 'scripts');
const tests = loadSources('tests');

test('no file is too long, tests included', () => {
  expect(findLongFiles([...product, ...tests])).toEqual([]);
});

test('nine of ten files are short, half of them very short', () => {
  expect(quantileLines(product, 0.9)).toBeLessThanOrEqual(NINE_OF_TEN_LINES_MAX);
  expect(quantileLines(product, 0.5)).toBeLessThanOrEqual(MEDIAN_LINES_MAX);
});

test('no function is too long', () => {
  expect(product.flatMap(findLongFunctions)).toEqual([]);
});

test('server and db have at least as many lines of tests as of code', () => {
  const isProof = ({ path }: Source): boolean => !/^tests\/(architecture|bench|support\/architecture)\//.test(path);
  const sum = (sources: readonly Source[]): number => sources.reduce((lines, { text }) => lines + countLines(text), 0);
  const code = sum(product.filter(({ path }) => /^(server|db)\//.test(path)));
  expect(sum(tests.filter(isProof)), 'lines of tests').toBeGreaterThanOrEqual(code);
});

test('the check counts lines as an editor does', () => {
  expect([countLines(''), countLines('a'), countLines('a\n'), countLines('a\nb')]).toEqual([0, 1, 1, 2]);
});

test('the check finds a file one line too long, and the share of long ones', () => {
  const ofLines = (count: number): Source => parseSource(`db/${count}.ts`, 'x;\n'.repeat(count));
  expect(findLongFiles([ofLines(FILE_LINES_MAX), ofLines(FILE_LINES_MAX + 1)])).toHaveLength(1);
  expect(quantileLines([ofLines(1), ofLines(2), ofLines(3)], 0.5)).toBe(2);
  expect(quantileLines([...Array.from({ length: 9 }, () => ofLines(1)), ofLines(300)], 0.9)).toBe(1);
  expect(quantileLines([...Array.from({ length: 8 }, () => ofLines(1)), ofLines(299), ofLines(300)], 0.9)).toBe(299);
});

test.each(['function f() {', 'const f = () => {', 'class C { m() {'])('the check finds a function of 61 lines, and lets 60 pass: %s', (head) => {
  const ofLines = (count: number): Source => parseSource('db/a.ts', `${head}\n${'x;\n'.repeat(count - 2)}}${head.startsWith('class') ? '}' : ''}`);
  expect(findLongFunctions(ofLines(61))).toEqual([expect.stringContaining('61 lines')]);
  expect(findLongFunctions(ofLines(60))).toEqual([]);
});
