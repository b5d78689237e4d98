import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changeRatio } from '#server/contracts/change.ts';

test.each([
  [150, 100, 0.5],
  [0, 100, -1],
  [100, 100, 0],
  ['0.000300000000', '0.000200000000', 0.5],
  ['12345678.000000000001', '12345678.000000000001', 0],
  ['-5.000000000000', '10.000000000000', -1.5],
  ['10.000000000000', '-5.000000000000', 3],
  [0.25, 0.2, 0.25],
  ['3', '2.5', 0.2],
  ['-0.000000000001', '0.000000000001', -2],
  ['99999999.999999999998', '99999999.999999999999', 0],
  ['99999999.999999999999', '99999999.999999999998', 0],
  [1, 3, -0.666667],
])('from %j back to %j is a change of %j', (figure, earlier, change) => {
  expect(changeRatio(figure, earlier)).toBe(change);
});

test('from zero there is no change, however much there is now', () => {
  for (const figure of [0, 1, '5.000000000000']) for (const zero of [0, '0', '0.000000000000']) expect(changeRatio(figure, zero)).toBeNull();
});

test('what is not known has no change, and is no zero', () => {
  expect([changeRatio(null, 5), changeRatio(5, null), changeRatio(null, null)]).toEqual([null, null, null]);
});

test('growing and shrinking have the sign of what happened, whatever the size', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 ** 9 }), fc.integer({ min: 0, max: 10 ** 9 }), (earlier, figure) => {
      const change = changeRatio(figure, earlier) ?? Number.NaN;
      expect(change).toBeCloseTo((figure - earlier) / earlier, 5);
      expect(changeRatio(`${figure}.000000000000`, `${earlier}.000000000000`)).toBe(change);
    }),
  );
});
