import Big from 'big.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Fault } from '#server/services/imports/fault.ts';
import { parseEntry } from '#server/services/imports/parse-entry.ts';
import type { Header } from '#server/services/imports/read-header.ts';

const HEADER: Header = ['at', 'promptTokens', 'completionTokens', 'model', 'operation', 'user', 'costUsd'];
const AT = '2024-01-01 00:00:00';
const withCost = (cost: string) => parseEntry(HEADER, [AT, '1', '2', '', '', '', cost]);
const withTokens = (prompt: string, completion = '1') => parseEntry(['at', 'promptTokens', 'completionTokens'], [AT, prompt, completion]);

test('a line becomes an entry, and what it does not say is null', () => {
  const shared = { at: '2024-01-01T00:00:00Z', atMs: Date.UTC(2024, 0, 1), promptTokens: 374, completionTokens: 44 };
  expect(parseEntry(HEADER, [AT, '374', '44', 'a/b', 'tarot_card', '7000000001', '0.5'])).toEqual({
    ...shared, model: 'a/b', operation: 'tarot_card', user: '7000000001', costUsd: '0.500000000000',
  });
  expect(parseEntry(HEADER, [AT, '374', '44', '', '', '', ''])).toEqual({ ...shared, model: null, operation: null, user: null, costUsd: null });
});

test.each([
  ['0.00096', '0.000960000000'],
  ['9.6e-06', '0.000009600000'],
  ['9.6E-6', '0.000009600000'],
  ['1e-08', '0.000000010000'],
  ['+1.5', '1.500000000000'],
  ['.5', '0.500000000000'],
  ['5.', '5.000000000000'],
  ['0', '0.000000000000'],
  ['1e3', '1000.000000000000'],
  ['0.0000000000005', '0.000000000001'],
])('a cost of %s is %s dollars', (text, costUsd) => {
  expect(withCost(text)).toMatchObject({ costUsd });
});

test.each([
  ['-0.1', 'the cost is negative'],
  ['-.1', 'the cost is negative'],
  ['$0.10', 'the cost is not a decimal number'],
  ['0,1', 'the cost is not a decimal number'],
  ['NaN', 'the cost is not a decimal number'],
  ['Infinity', 'the cost is not a decimal number'],
  ['0x10', 'the cost is not a decimal number'],
  ['1e-999999999', 'the cost is not a decimal number'],
  ['e5', 'the cost is not a decimal number'],
  ['.', 'the cost is not a decimal number'],
  ['1000000.01', 'the cost is over 1,000,000 dollars'],
  ['1e99', 'the cost is over 1,000,000 dollars'],
])('a cost of %s is refused: %s', (text, reason) => {
  expect(withCost(text)).toEqual(new Fault(reason));
});

test.each([
  ['0', 0],
  ['374.0', 374],
  ['007', 7],
  ['10000000', 10_000_000],
])('%s tokens are %i', (text, promptTokens) => {
  expect(withTokens(text)).toMatchObject({ promptTokens });
});

test.each([
  ['', 'the prompt tokens are missing'],
  ['-1', 'the prompt tokens are negative'],
  ['1.5', 'the prompt tokens are not a whole number'],
  ['1e3', 'the prompt tokens are not a whole number'],
  ['many', 'the prompt tokens are not a whole number'],
  ['٣', 'the prompt tokens are not a whole number'],
  ['10000001', 'the prompt tokens are over 10,000,000'],
  ['99999999999999999999', 'the prompt tokens are not a whole number'],
])('"%s" prompt tokens are refused: %s', (text, reason) => {
  expect(withTokens(text)).toEqual(new Fault(reason));
});

test('completion tokens are held to the same', () => {
  expect(withTokens('1', '-1')).toEqual(new Fault('the completion tokens are negative'));
});

test.each([[['a']], [[AT, '1']], [[AT, '1', '2', '3']]])('the fields %j are refused where the header has three', (fields) => {
  expect(parseEntry(['at', 'promptTokens', 'completionTokens'], fields)).toEqual(new Fault(`has ${fields.length} fields where the header has 3`));
});

test('a name of two hundred characters passes, one more does not', () => {
  expect(parseEntry(HEADER, [AT, '1', '1', 'm'.repeat(200), '', '', ''])).toMatchObject({ model: 'm'.repeat(200) });
  expect(parseEntry(HEADER, [AT, '1', '1', 'm'.repeat(201), '', '', ''])).toEqual(new Fault('the model is longer than 200 characters'));
});

test('any decimal that a program prints is read exactly to twelve places', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1_000, noNaN: true }), (cost) => {
      expect(withCost(String(cost))).toMatchObject({ costUsd: new Big(cost).toFixed(12, Big.roundHalfUp) });
    }),
  );
});
