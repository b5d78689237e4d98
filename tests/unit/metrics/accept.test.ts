import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acceptsGzip, chooseFormat } from '#server/metrics/accept.ts';

const PROMETHEUS_3 =
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1';
const PROMETHEUS_2 = 'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';

describe('chooseFormat', () => {
  it.each([
    ['Prometheus 3', PROMETHEUS_3],
    ['Prometheus 2', PROMETHEUS_2],
    ['OpenMetrics alone', 'application/openmetrics-text'],
    ['OpenMetrics before anything', 'application/openmetrics-text, */*'],
    ['upper case', 'Application/OpenMetrics-Text; Version=1.0.0; Q=0.9, text/plain;q=0.1'],
    ['a quoted version', 'application/openmetrics-text; version="1.0.0"'],
  ])('gives OpenMetrics to %s', (_who, accept) => {
    expect(chooseFormat(accept)).toBe('openmetrics');
  });

  it.each([
    ['no header', null],
    ['an empty header', ''],
    ['curl', '*/*'],
    ['a browser', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'],
    ['text preferred', 'text/plain;version=0.0.4, application/openmetrics-text;q=0.5'],
    ['both alike', 'text/plain;version=0.0.4;q=0.5, application/openmetrics-text;version=1.0.0;q=0.5'],
    ['OpenMetrics refused', 'application/openmetrics-text;q=0, */*'],
    ['a version that does not exist yet', 'application/openmetrics-text;version=2.0.0'],
    ['a bad quality', 'application/openmetrics-text;q=high'],
    ['a quality above 1', 'application/openmetrics-text;q=1.5'],
    ['nonsense', ';;;,,,=\u0000'],
    ['nonsense after something good', 'application/openmetrics-text, %%%'],
    ['an endless header', `application/openmetrics-text,${'text/plain,'.repeat(1_000)}`],
  ])('gives text 0.0.4 to %s', (_who, accept) => {
    expect(chooseFormat(accept)).toBe('text');
  });

  it('survives any header', () => {
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (accept) => ['text', 'openmetrics'].includes(chooseFormat(accept))));
  });
});

describe('acceptsGzip', () => {
  it.each(['gzip', 'GZIP', 'gzip, deflate, br', 'br;q=1.0, gzip;q=0.8, *;q=0.1', 'identity, *', 'deflate;q=0, gzip ; q=0.001'])('compresses for %s', (header) => {
    expect(acceptsGzip(header)).toBe(true);
  });

  it.each([null, '', 'identity', 'br', 'gzip;q=0', 'gzip;q=0.000, *', '*;q=0', 'gzip;q=much', 'gzipped', 'x-gzip', 'gzip, '.repeat(300)])('does not for %s', (header) => {
    expect(acceptsGzip(header)).toBe(false);
  });

  it('survives any header', () => {
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (header) => typeof acceptsGzip(header) === 'boolean'));
  });
});
