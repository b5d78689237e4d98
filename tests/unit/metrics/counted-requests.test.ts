import { expect, test } from 'vitest';
import { UNMATCHED_HANDLER, type CountedRequest } from '#server/metrics/http.ts';
import { sampleMetrics } from './sample-metrics.ts';

const SIZES = { requestSizeBytes: 0, responseSizeBytes: 10 } as const;

test('a counted request is told under the labels of its series, so that whoever listens counts what the metric counts', () => {
  const { http } = sampleMetrics();
  const heard: CountedRequest[] = [];
  http.declareHandlers(['/monitoring']);
  http.recordFinished({ handler: '/monitoring', method: 'GET', status: '2xx', durationMs: 1, ...SIZES });
  http.observeCounted((request) => heard.push(request));
  http.recordFinished({ handler: '/monitoring', method: 'GET', status: '2xx', durationMs: 7.5, ...SIZES });
  http.recordFinished({ handler: '/nobody/knows', method: 'PROPFIND', status: '4xx', durationMs: null, ...SIZES });
  http.recordFinished({ handler: UNMATCHED_HANDLER, method: 'POST', status: 'aborted', durationMs: 3, ...SIZES });
  expect(heard).toEqual([
    { handler: '/monitoring', method: 'GET', status: '2xx', durationMs: 7.5 },
    { handler: 'other', method: 'other', status: '4xx', durationMs: null },
    { handler: 'unmatched', method: 'POST', status: 'aborted', durationMs: 3 },
  ]);
});
