import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shorten } from '#server/ai/json.ts';
import { describe as describeWords, parseAnswer } from '#server/ai/parse-answer.ts';

const usage = { prompt_tokens: 74, completion_tokens: 21, cost: 0.00000537, is_byok: false };
const body = {
  id: 'gen-1784218890-xgpex14FgM8LC4BeTRSn',
  model: 'openai/gpt-oss-120b',
  provider: 'OpenInference',
  choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'The day is kind.' } }],
  usage,
};
const parse = (value: unknown, header: string | null = null) => parseAnswer(JSON.stringify(value), header);

describe('parseAnswer', () => {
  it('reads an answer with everything that is known of it', () => {
    expect(parse(body)).toEqual({
      kind: 'answered',
      text: 'The day is kind.',
      generationId: body.id,
      responseModel: body.model,
      provider: body.provider,
      finishReason: 'stop',
      usage: { promptTokens: 74, completionTokens: 21, cachedPromptTokens: 0, reasoningTokens: 0 },
      bill: { costUsd: '0.00000537', isByok: false },
    });
  });

  it('does not mind the white space that keeps the connection alive', () => {
    expect(parseAnswer(`\n         \n\n         \n${JSON.stringify(body)}`, null).kind).toBe('answered');
  });

  it('prefers the generation id of the header, and takes no id that is not one', () => {
    expect(parse(body, 'gen-header').generationId).toBe('gen-header');
    expect(parse({ ...body, id: 'chatcmpl-1' }).generationId).toBeNull();
  });

  it('finds the error that is the whole body', () => {
    const end = parse({ error: { code: 502, message: 'Provider returned error' } }, 'gen-1');
    expect(end).toMatchObject({
      kind: 'failed',
      errorType: 'error_in_body',
      wasBilled: 'no',
      detail: '502: Provider returned error',
      generationId: 'gen-1',
    });
  });

  it('finds the error beside a choice, also when only the reason of the end tells of it', () => {
    const choice = { finish_reason: 'error', error: { code: 'server_error', message: 'gone' }, message: { content: 'half' } };
    expect(parse({ ...body, usage: { ...usage, cost: 0 }, choices: [choice] })).toMatchObject({
      errorType: 'error_in_body',
      wasBilled: 'no',
      detail: 'server_error: gone',
    });
    expect(parse({ choices: [{ finish_reason: 'error', message: { content: 'half' } }] })).toMatchObject({
      errorType: 'error_in_body',
      wasBilled: 'no',
    });
  });

  it('believes a cost more than the rule that failures are free', () => {
    expect(parse({ error: { code: 502, message: 'x' }, usage })).toMatchObject({ wasBilled: 'yes', bill: { costUsd: '0.00000537' } });
  });

  it.each([null, '', '  \n'])('calls an answer whose text is %j empty and keeps its bill', (content) => {
    const end = parse({ ...body, choices: [{ finish_reason: 'length', message: { content } }] });
    expect(end).toMatchObject({
      kind: 'failed',
      errorType: 'empty_response',
      wasBilled: 'yes',
      finishReason: 'length',
      bill: { costUsd: '0.00000537' },
    });
  });

  it('knows that an empty answer was free only when its bill says so', () => {
    expect(parse({ ...body, choices: [], usage: { ...usage, cost: 0 } })).toMatchObject({ errorType: 'empty_response', wasBilled: 'no' });
    expect(parse({ ...body, choices: [], usage: undefined })).toMatchObject({ errorType: 'empty_response', wasBilled: 'unknown' });
  });

  it('keeps the bill of a body whose answer cannot be read', () => {
    const end = parse({ ...body, choices: [{ message: { content: 42 } }] });
    expect(end).toMatchObject({
      kind: 'failed',
      errorType: 'invalid_response',
      wasBilled: 'yes',
      generationId: body.id,
      bill: { costUsd: '0.00000537' },
    });
  });

  it('keeps an answer whose usage is garbage, without the garbage, and says what was wrong', () => {
    const end = parse({ ...body, usage: { prompt_tokens: -1, completion_tokens: '2', cost: 1e308 } });
    expect(end).toMatchObject({ kind: 'answered', usage: null, bill: { costUsd: null } });
    expect(end.usageProblem).toBe('token counts are not counts; cost is not an amount');
  });

  it.each(['<!DOCTYPE html><html></html>', '{"id":"gen-1","choi', '', '[]', '42', 'null', '"text"'])(
    'knows nothing of the bill of %j',
    (text) => {
      expect(parseAnswer(text, 'gen-1')).toMatchObject({
        kind: 'failed',
        errorType: 'invalid_response',
        wasBilled: 'unknown',
        generationId: 'gen-1',
      });
    },
  );

  it.each([
    ['half a completion', '{"id":"gen-1","choices":[{"message":{"content":"You ask whether she loves'],
    ['a stream that was not asked for', 'data: {"choices":[{"delta":{"content":"You ask whether she loves'],
  ])('tells a log the size of %s, not what was written for a person', (_what, text) => {
    expect(parseAnswer(text, null)).toMatchObject({ detail: `the body is not JSON: ${text.length} characters` });
  });

  it('tells a log the words of a page of the network', () => {
    expect(parseAnswer('error code: 502', null)).toMatchObject({ detail: 'the body is not JSON: error code: 502' });
  });

  it('ends in one outcome for whatever JSON comes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.json().map((choices) => `{"choices":${choices},"usage":${choices}}`),
        ),
        (text) => {
          expect(['answered', 'failed']).toContain(parseAnswer(text, null).kind);
        },
      ),
    );
  });

  it('cuts long words for the log', () => {
    expect(shorten('x'.repeat(1_000)).length).toBeLessThan(310);
    expect(describeWords('plain words')).toBe('plain words');
    expect(describeWords({ code: null })).toBe('no code: no message');
  });
});
