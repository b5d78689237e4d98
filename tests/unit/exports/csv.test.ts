import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cellText, csvLines } from '#server/services/exports/csv.ts';
import type { Cell } from '#server/services/exports/types.ts';
import { inPages, writeCsv } from '#server/services/exports/write-csv.ts';

const FORMULA = /^[=+\-@\t\r＝＋－＠]/u;
const DECIMAL = /^-?\d+(\.\d+)?$/;
const read = (csv: string): string[][] => parse(csv, { record_delimiter: '\r\n', relax_column_count: true });
/** Takes the mark off again. */
const unmark = (text: string) => (text.startsWith("'") ? text.slice(1) : text);

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', '"', ',', "'", '1', '.', 'я', '＝', ' ') }),
);

async function writtenText(headers: readonly string[], rows: readonly (readonly Cell[])[]): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of writeCsv(headers, inPages(rows, 2))) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

test('any text comes back as it was from a CSV reader, once the mark is taken off', () => {
  fc.assert(
    fc.property(fc.array(fc.array(anyText, { minLength: 2, maxLength: 4 }), { minLength: 1 }), (rows) => {
      expect(read(csvLines(rows)).map((row) => row.map(unmark))).toEqual(rows);
    }),
    { numRuns: 500 },
  );
});

test('no cell begins with the sign of a formula unless it is a plain decimal', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const shown = cellText(text);
      expect(DECIMAL.test(shown) || !FORMULA.test(shown)).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

test.each<[Cell, string]>([
  ['=HYPERLINK("http://evil","x")', '\'=HYPERLINK("http://evil","x")'],
  ['+49 30 1234', "'+49 30 1234"],
  ['-1+1', "'-1+1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  ['\r=1', "'\r=1"],
  ['\n=1', "'\n=1"],
  ["'=1", "''=1"],
  ['＝1+1', "'＝1+1"],
  ['-0.000000000001', '-0.000000000001'],
  ['-5', '-5'],
  [-5, '-5'],
  ['12345678.123456789012', '12345678.123456789012'],
  [0, '0'],
  [true, 'true'],
  [null, ''],
  ['Гадание', 'Гадание'],
])('the cell %j is written as %j', (cell, text) => {
  expect(cellText(cell)).toBe(text);
});

test('lines end in CRLF, and a cell with a comma, a quote or any line end is quoted', () => {
  expect(csvLines([['a', 'b,c'], ['say "yes"', 'two\nlines'], ['x', 'old\rmac']])).toBe('a,"b,c"\r\n"say ""yes""","two\nlines"\r\nx,"old\rmac"\r\n');
});

test('a file begins with the mark of UTF-8 and the head, also when there are no rows', async () => {
  expect(await writtenText(['day', 'cost_usd'], [])).toBe('\uFEFFday,cost_usd\r\n');
});

test('a file holds every row once, whatever the length of its pages', async () => {
  const rows = Array.from({ length: 7 }, (_, index) => [`row ${index}`, index]);
  const [head, ...lines] = read((await writtenText(['name', 'n'], rows)).slice(1));
  expect(head).toEqual(['name', 'n']);
  expect(lines).toEqual(rows.map(([name, n]) => [name, String(n)]));
});

test('an exact decimal keeps its last digit, and an unknown one is an empty cell, not a zero', async () => {
  expect(await writtenText(['cost_usd', 'average_usd'], [['0.100000000001', null]])).toBe('\uFEFFcost_usd,average_usd\r\n0.100000000001,\r\n');
});
