import { describe, expect, it } from 'vitest';
import { parseModels } from '#server/ai/parse-models.ts';

const model = (id: string, pricing: Record<string, unknown>) => ({ id, name: id, pricing });

describe('parseModels', () => {
  it('gives plain decimal prices per token', () => {
    const body = {
      data: [model('a/b', { prompt: '0.00000015', completion: '6e-7', request: '0', input_cache_read: '0.000000075', image: '0' })],
    };
    expect(parseModels(body)).toEqual([
      { model: 'a/b', promptUsd: '0.00000015', completionUsd: '0.0000006', requestUsd: '0', cachedPromptUsd: '0.000000075' },
    ]);
  });

  it('leaves the cached price open where there is none, and takes no request price for nothing', () => {
    expect(parseModels({ data: [model('a/b', { prompt: '1', completion: '2' })] })).toEqual([
      { model: 'a/b', promptUsd: '1', completionUsd: '2', requestUsd: '0', cachedPromptUsd: null },
    ]);
  });

  it.each([
    { prompt: '-1', completion: '-1' },
    { prompt: '1', completion: '-1' },
    { prompt: '1', completion: '2', request: '-1' },
    { prompt: 'NaN', completion: '1' },
    { prompt: '', completion: '1' },
    { prompt: '1e9', completion: '1' },
    { prompt: 1, completion: 1 },
    { completion: '1' },
  ])('leaves out a model whose price is %j and keeps the others', (pricing) => {
    const listings = parseModels({ data: [model('odd/one', pricing), 'garbage', null, model('a/b', { prompt: '1', completion: '1' })] });
    expect(listings?.map((listing) => listing.model)).toEqual(['a/b']);
  });

  it.each([undefined, null, 'page', [], {}, { data: {} }])('is null when %j is no list of models', (body) => {
    expect(parseModels(body)).toBeNull();
  });
});
