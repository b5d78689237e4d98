import type { AiErrorType } from '#server/contracts/vocabulary.ts';

/** What an error response or a broken connection means for the ledger. */
export interface Classification {
  readonly errorType: AiErrorType;
  readonly wasBilled: 'no' | 'unknown';
}

const ERROR_TYPE_BY_STATUS: Readonly<Record<number, AiErrorType>> = {
  400: 'bad_request',
  401: 'unauthorized',
  402: 'payment_required',
  403: 'forbidden',
  404: 'not_found',
  408: 'timeout',
  413: 'bad_request',
  422: 'bad_request',
  429: 'rate_limited',
  504: 'timeout',
  524: 'timeout',
};

/** The edge answers these itself when the origin, which may have finished and charged, did not reach it. */
const EDGE_STATUSES: ReadonlySet<number> = new Set([502, 504, 520, 524]);

/** Codes of a connection that was never made: not a byte of the request went out. */
const NEVER_SENT_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** Causes nest a few deep; a cycle must not hang us. */
const CAUSE_DEPTH_MAX = 8;

/**
 * What an HTTP error status means. OpenRouter's own error envelope says that no completion came, and that is not billed;
 * a page of the network's edge says nothing of what the origin did, and neither does an error that names a generation.
 */
export function classifyStatus(
  status: number,
  response: { readonly hasEnvelope: boolean; readonly generationId: string | null },
): Classification {
  const errorType = ERROR_TYPE_BY_STATUS[status] ?? (status >= 500 ? 'provider_error' : status >= 400 ? 'bad_request' : 'invalid_response');
  if (status < 400) return { errorType, wasBilled: 'unknown' };
  const isUncertain = status >= 500 && (response.generationId !== null || (!response.hasEnvelope && EDGE_STATUSES.has(status)));
  return { errorType, wasBilled: isUncertain ? 'unknown' : 'no' };
}

/** What a broken connection means: refused before anything was sent is certainly free, a reset later is not certain. */
export function classifyConnectionError(error: unknown): Classification {
  const isNeverSent = listCodes(error).some((code) => NEVER_SENT_CODES.has(code));
  return { errorType: 'connection', wasBilled: isNeverSent ? 'no' : 'unknown' };
}

/** The system error codes of an error, of what caused it, and of the attempts it sums up. */
export function listCodes(error: unknown, depth = 0): string[] {
  if (!(error instanceof Error) || depth > CAUSE_DEPTH_MAX) return [];
  const own = 'code' in error && typeof error.code === 'string' ? [error.code] : [];
  const attempts = error instanceof AggregateError ? error.errors.flatMap((each) => listCodes(each, depth + 1)) : [];
  return [...own, ...attempts, ...listCodes(error.cause, depth + 1)];
}
