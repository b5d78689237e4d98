import { expect, test } from 'vitest';
import { readHeader } from '#server/services/imports/read-header.ts';

test.each([
  [['TIMESTAMP', 'ContextTokens', 'GeneratedTokens']],
  [['timestamp', 'prompt_tokens', 'completion_tokens']],
  [['Timestamp', 'INPUT_TOKENS', 'output-tokens']],
  [['timestamp', 'Prompt Tokens', 'Completion Tokens']],
])('the header %j is understood', (fields) => {
  expect(readHeader(fields)).toEqual(['at', 'promptTokens', 'completionTokens']);
});

test('columns may stand in any order, with what is optional among them', () => {
  expect(readHeader(['cost', 'User', 'operation', 'completion_tokens', 'MODEL', 'prompt_tokens', 'timestamp'])).toEqual([
    'costUsd', 'user', 'operation', 'completionTokens', 'model', 'promptTokens', 'at',
  ]);
});

function refusalOf(...fields: string[]): string {
  try {
    readHeader(fields);
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  return 'none';
}

test('a refusal names what is unknown, missing and twice in one message, and all that is understood', () => {
  const message = refusalOf('timestamp', 'input_tokens', 'ContextTokens', 'latency');
  expect(message).toContain('unknown: "latency"');
  expect(message).toContain('missing: completion_tokens or GeneratedTokens or output_tokens');
  expect(message).toContain('twice: prompt_tokens or ContextTokens or input_tokens');
  for (const name of ['timestamp', 'model', 'operation', 'user', 'cost']) expect(message.split('must name')[1]).toContain(name);
});

test('a first line that is data is refused', () => {
  expect(refusalOf('2023-11-16 18:15:46.6805900', '374', '44')).toContain('unknown: "2023-11-16 18:15:46.6805900", "374", "44"');
});

test('a refusal stays readable however wide the line is', () => {
  const message = refusalOf(...Array.from({ length: 5_000 }, (_, index) => `${'\0'.repeat(1_000)}${index}`));
  expect(message.length).toBeLessThan(5_000);
  expect(message).toContain('and 4990 more');
  expect(message).not.toContain('\0');
});

test('a name that every object has is no column', () => {
  expect(refusalOf('timestamp', 'input_tokens', 'output_tokens', 'constructor')).toContain('unknown: "constructor"');
});
