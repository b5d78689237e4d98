import type { Response } from 'express';

/** The words of an error and its stable vocabulary, as OpenRouter sends them. */
export interface ErrorEnvelope {
  readonly error: { readonly code: number; readonly message: string; readonly metadata?: Readonly<Record<string, unknown>> };
  readonly user_id?: string;
}

const USER_ID = 'user_2sandboxQ7vTz1LhKpW3yRnB5';

const ERRORS: Readonly<Record<number, { readonly message: string; readonly metadata?: Readonly<Record<string, unknown>> }>> = {
  400: { message: 'Provider returned error', metadata: { error_type: 'invalid_request', provider_code: 'invalid_request_error' } },
  401: { message: 'User not found.' },
  402: {
    message:
      'This request requires more credits, or fewer max_tokens. You requested up to 2000 tokens, but can only afford 339. ' +
      'To increase, visit https://openrouter.ai/settings/credits and upgrade to a paid account',
    metadata: { error_type: 'payment_required', provider_name: null },
  },
  403: {
    message: 'Your chosen model requires moderation and your input was flagged for "violence"',
    metadata: { error_type: 'content_policy_violation', reasons: ['violence'], flagged_input: 'The cards said', provider_name: 'OpenAI' },
  },
  404: { message: 'No endpoints found matching your data policy', metadata: { error_type: 'not_found' } },
  408: { message: 'Request timed out', metadata: { error_type: 'timeout' } },
  429: { message: 'Rate limit exceeded: limit_rpm', metadata: { error_type: 'rate_limit_exceeded' } },
  500: { message: 'Internal Server Error', metadata: { error_type: 'server' } },
  502: { message: 'Provider returned error', metadata: { error_type: 'provider_unavailable', provider_code: 'upstream_error' } },
  503: { message: 'No instances available', metadata: { error_type: 'provider_overloaded' } },
  524: { message: 'Request timed out. Please try again later.', metadata: { error_type: 'timeout' } },
  529: { message: 'Provider returned error', metadata: { error_type: 'provider_overloaded' } },
};

/** The envelope of a status, in OpenRouter's usual words or in those given. */
export function buildError(status: number, message?: string): ErrorEnvelope {
  const usual = ERRORS[status] ?? { message: 'Internal Server Error', metadata: { error_type: 'server' } };
  if (message !== undefined) return { error: { code: status, message } };
  return { error: { code: status, ...usual }, ...(status === 401 ? {} : { user_id: USER_ID }) };
}

/** Answers with a status and its envelope. */
export function sendError(res: Response, status: number, message?: string): void {
  res.status(status).json(buildError(status, message));
}
