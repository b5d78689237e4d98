import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CompletionStream } from '#server/ai/completion-stream.ts';

const chunk = (rest: object) => `data: ${JSON.stringify({ id: 'gen-1', model: 'v/m', provider: 'P', ...rest })}\n\n`;
const words = (content: string, finishReason: string | null = null) => chunk({ choices: [{ delta: { role: 'assistant', content }, finish_reason: finishReason }] });
const USAGE = { prompt_tokens: 3, completion_tokens: 5, cost: 0.001 };
const WHOLE = `: OPENROUTER PROCESSING\n\n${words('Звёзды ')}: OPENROUTER PROCESSING\n\n${words('молчат.')}${words('', 'stop')}${chunk({ choices: [], usage: USAGE })}data: [DONE]\n\n`;

function read(...pieces: readonly string[]) {
  let firstCount = 0;
  const stream = new CompletionStream(() => (firstCount += 1));
  for (const piece of pieces) stream.push(piece);
  return { completion: stream.toCompletion(), isComplete: stream.isComplete, firstCount };
}

test('a stream becomes the completion that it would have been', () => {
  const { completion, isComplete, firstCount } = read(WHOLE);
  expect(completion).toEqual({ id: 'gen-1', model: 'v/m', provider: 'P', choices: [{ finish_reason: 'stop', message: { content: 'Звёзды молчат.' } }], usage: USAGE });
  expect([isComplete, firstCount]).toEqual([true, 1]);
});

test('property: however a stream is cut into pieces, it says the same', () => {
  const cuts = fc.array(fc.integer({ min: 0, max: WHOLE.length }), { maxLength: 30 });
  fc.assert(
    fc.property(cuts, (at) => {
      const edges = [0, ...[...at].sort((a, b) => a - b), WHOLE.length];
      const pieces = edges.slice(1).map((edge, index) => WHOLE.slice(edges[index], edge));
      expect(read(...pieces)).toEqual(read(WHOLE));
    }),
  );
});

describe('what real streams do', () => {
  test('the usage may come with a choice that says nothing and takes no reason back', () => {
    const { completion } = read(words('a', 'stop'), chunk({ choices: [{ delta: { role: 'assistant', content: '' }, finish_reason: null }], usage: USAGE }));
    expect(completion).toMatchObject({ choices: [{ finish_reason: 'stop' }], usage: USAGE });
  });
  test('reason and usage may come in one chunk', () => {
    expect(read(words('a'), chunk({ choices: [{ delta: {}, finish_reason: 'stop' }], usage: USAGE })).completion).toMatchObject({ choices: [{ finish_reason: 'stop' }], usage: USAGE });
  });
  test('lines may end with CR LF', () => {
    expect(read(WHOLE.replaceAll('\n', '\r\n')).completion).toEqual(read(WHOLE).completion);
  });
});

test('an error in the middle is kept beside what had come', () => {
  const error = { code: 502, message: 'Provider disconnected' };
  const { completion, isComplete } = read(words('half'), chunk({ error, choices: [{ delta: { content: '' }, finish_reason: 'error' }] }));
  expect(completion).toMatchObject({ error, choices: [{ finish_reason: 'error', message: { content: 'half' } }] });
  expect(isComplete).toBe(true);
});

test('an error of a choice counts as one of the whole', () => {
  expect(read(chunk({ choices: [{ delta: {}, error: { code: 'server_error' } }] })).completion).toMatchObject({ error: { code: 'server_error' } });
});

test.each([
  ['nothing', ''],
  ['comments only', ': OPENROUTER PROCESSING\n\n: OPENROUTER PROCESSING\n\n'],
  ['words without an end', words('half')],
  ['half a chunk', words('half').slice(0, -20)],
  ['a chunk that is no JSON after an end', `${words('a', 'stop')}data: {"id":\n\n`],
])('%s is no complete answer', (_what, text) => {
  expect(read(text).isComplete).toBe(false);
});

test('a stream without a choice has none', () => {
  expect(read(chunk({ usage: { ...USAGE, cost: 0 } }), 'data: [DONE]\n\n').completion).toMatchObject({ choices: [] });
});
