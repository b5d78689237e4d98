import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRecords } from '#server/services/imports/parse-records.ts';

const parse = (...texts: string[]) => parseRecords(texts.map((text, index) => ({ number: index + 1, text })));

test('fields are separated by commas, trimmed, and may stand in quotes', () => {
  expect(parse('a, b ,"c,d"', '"say ""yes""",,')).toEqual([
    ['a', 'b', 'c,d'],
    ['say "yes"', '', ''],
  ]);
});

test('a line may have any number of fields', () => {
  expect(parse('a', 'b,c', 'd,e,f')).toEqual([['a'], ['b', 'c'], ['d', 'e', 'f']]);
});

test.each([['"open'], ['a,"open,b'], ['x"y,"z'], ['"a"b'], ['a,b"']])('the quote out of place in %s spoils its own line and no other', (bad) => {
  expect(parse('1,2', bad, '"3",4', '5,6')).toEqual([['1', '2'], null, ['3', '4'], ['5', '6']]);
});

test('two open quotes that would close one another spoil both lines', () => {
  expect(parse('"a', 'b"', 'c')).toEqual([null, null, ['c']]);
});

test('what a line becomes does not depend on its neighbours', () => {
  const line = fc.array(fc.constantFrom('a', '"', ',', ' ', '\r', '\t', '1'), { minLength: 1 }).map((parts) => `x${parts.join('')}`);
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      expect(parse(...lines)).toEqual(lines.flatMap((text) => parse(text)));
    }),
  );
});
