import { expect, test } from 'vitest';
import { createBatcher } from '#server/lib/batcher.ts';

test('one call is one run at once, calls during a run share the next', async () => {
  const runs: number[][] = [];
  const gate = Promise.withResolvers<void>();
  const double = createBatcher<number, number>(async (items) => {
    runs.push([...items]);
    if (runs.length === 1) await gate.promise;
    return items.map((item) => item * 2);
  }, 10);
  const first = double(1);
  await Promise.resolve();
  await Promise.resolve();
  const others = [double(2), double(3)];
  gate.resolve();
  expect(await Promise.all([first, ...others])).toEqual([2, 4, 6]);
  expect(runs).toEqual([[1], [2, 3]]);
});

test('calls of the same moment share a run, up to the limit', async () => {
  const sizes: number[] = [];
  const echo = createBatcher<number, number>(async (items) => {
    sizes.push(items.length);
    return items;
  }, 4);
  const items = Array.from({ length: 10 }, (_, index) => index);
  expect(await Promise.all(items.map(echo))).toEqual(items);
  expect(sizes).toEqual([4, 4, 2]);
});

test('a run that fails fails all its callers and no later one', async () => {
  let isBroken = true;
  const echo = createBatcher<number, number>(async (items) => {
    if (isBroken) throw new Error('broken');
    return items;
  }, 10);
  const results = await Promise.allSettled([echo(1), echo(2)]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  isBroken = false;
  expect(await echo(3)).toBe(3);
});

test('a run that gives too few results fails those that got none', async () => {
  const echo = createBatcher<number, number>(async (items) => items.slice(0, 1), 10);
  const [first, second] = await Promise.allSettled([echo(1), echo(2)]);
  expect(first).toMatchObject({ status: 'fulfilled', value: 1 });
  expect(second?.status).toBe('rejected');
});
