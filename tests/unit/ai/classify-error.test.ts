import { describe, expect, it } from 'vitest';
import { classifyConnectionError, classifyStatus, listCodes } from '#server/ai/classify-error.ts';

const envelope = { hasEnvelope: true, generationId: null };
const page = { hasEnvelope: false, generationId: null };

describe('classifyStatus', () => {
  it.each([
    [400, 'bad_request'],
    [401, 'unauthorized'],
    [402, 'payment_required'],
    [403, 'forbidden'],
    [404, 'not_found'],
    [408, 'timeout'],
    [413, 'bad_request'],
    [418, 'bad_request'],
    [422, 'bad_request'],
    [429, 'rate_limited'],
    [500, 'provider_error'],
    [502, 'provider_error'],
    [503, 'provider_error'],
    [524, 'timeout'],
    [529, 'provider_error'],
  ] as const)('calls %i %s and not billed, because the envelope says that nothing came', (status, errorType) => {
    expect(classifyStatus(status, envelope)).toEqual({ errorType, wasBilled: 'no' });
  });

  it.each([502, 504, 520, 524])('does not know of a charge when the edge answers %i for an origin that it lost', (status) => {
    expect(classifyStatus(status, page).wasBilled).toBe('unknown');
  });

  it.each([400, 403, 404, 429, 500, 503, 521])('calls a page with status %i not billed', (status) => {
    expect(classifyStatus(status, page).wasBilled).toBe('no');
  });

  it('does not know of a charge when a failed response names a generation', () => {
    expect(classifyStatus(500, { hasEnvelope: true, generationId: 'gen-1' }).wasBilled).toBe('unknown');
    expect(classifyStatus(429, { hasEnvelope: true, generationId: 'gen-1' }).wasBilled).toBe('no');
  });
});

describe('classifyConnectionError', () => {
  const wrapped = (code: string) =>
    new Error('Connection error.', { cause: new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) }) });

  it.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT', 'CERT_HAS_EXPIRED'])(
    'knows that %s cost nothing',
    (code) => {
      expect(classifyConnectionError(wrapped(code))).toEqual({ errorType: 'connection', wasBilled: 'no' });
    },
  );

  it.each(['ECONNRESET', 'UND_ERR_SOCKET', 'EPIPE'])('does not know what %s cost', (code) => {
    expect(classifyConnectionError(wrapped(code))).toEqual({ errorType: 'connection', wasBilled: 'unknown' });
  });

  it('finds the codes of several attempts that failed together', () => {
    const attempts = ['ECONNREFUSED', 'EHOSTUNREACH'].map((code) => Object.assign(new Error(code), { code }));
    expect(listCodes(new Error('outer', { cause: new AggregateError(attempts) }))).toEqual(['ECONNREFUSED', 'EHOSTUNREACH']);
  });

  it('is not caught in a circle of causes, and copes with what is no error', () => {
    const error: Error & { cause?: unknown } = Object.assign(new Error('a'), { code: 'X' });
    error.cause = error;
    expect(listCodes(error).every((code) => code === 'X')).toBe(true);
    expect(classifyConnectionError('boom')).toEqual({ errorType: 'connection', wasBilled: 'unknown' });
  });
});
