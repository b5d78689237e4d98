import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { BooleanArgument, findChatId, IntegerArgument, jsonArgument, parseArguments } from '#server/sandbox/telegram/read-arguments.ts';

describe('whole numbers', () => {
  test.each([
    [7_000_000_001, 7_000_000_001],
    ['7000000001', 7_000_000_001],
    ['-1', -1],
  ])('%j is %d', (value, expected) => {
    expect(IntegerArgument.parse(value)).toBe(expected);
  });

  test.each([['1.5'], [1.5], ['x'], [''], [null], [true], ['99999999999999999999']])('%j is none', (value) => {
    expect(IntegerArgument.safeParse(value).success).toBe(false);
  });
});

test('truth may be written in several ways', () => {
  expect([true, 'true', 'True', '1'].map((value) => BooleanArgument.parse(value))).toEqual([true, true, true, true]);
  expect([false, 'false', 'False', '0'].map((value) => BooleanArgument.parse(value))).toEqual([false, false, false, false]);
  expect(BooleanArgument.safeParse('maybe').success).toBe(false);
});

test('structured arguments may be values or JSON text', () => {
  const schema = z.object({ list: jsonArgument(z.array(z.string()).optional()).optional() });
  expect(parseArguments(schema, { list: ['a'] })).toEqual({ list: ['a'] });
  expect(parseArguments(schema, { list: '["a"]' })).toEqual({ list: ['a'] });
  expect(parseArguments(schema, {}).list).toBeUndefined();
  expect(() => parseArguments(schema, { list: '["a"' })).toThrow('Bad Request: parameter "list" is invalid');
  expect(() => parseArguments(schema, { list: '[1]' })).toThrow('Bad Request: parameter "list" is invalid');
});

test('the chat of a call is found where there is one', () => {
  expect(findChatId({ chat_id: '7' })).toBe(7);
  expect(findChatId({ chat_id: '@channel' })).toBeNull();
  expect(findChatId({})).toBeNull();
});
