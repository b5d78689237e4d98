import type { z } from 'zod';
import type { ErrorCode } from '#server/errors.ts';

/** What is wrong with a field, to be put into words by the page. */
export type FieldFault =
  | { readonly kind: 'emailInvalid' | 'passwordMissing' }
  | { readonly kind: 'passwordShort'; readonly minimum: number }
  | { readonly kind: 'passwordLong'; readonly maximum: number };

export type FormFaults = { readonly email?: FieldFault; readonly password?: FieldFault };
/** Why the server refused the form as a whole. */
export type FormError = 'wrong' | 'throttled' | 'codeRefused' | 'ownerExists' | 'unavailable' | 'refused';

/** What the actions of the log-in and the setup form answer when they do not redirect. */
export interface FormResult {
  readonly email: string;
  readonly faults: FormFaults;
  readonly error: FormError | null;
}

function toPasswordFault(issue: z.core.$ZodIssue): FieldFault {
  if (issue.code === 'too_big') return { kind: 'passwordLong', maximum: Number(issue.maximum) };
  if (issue.code === 'too_small' && issue.minimum > 1) return { kind: 'passwordShort', minimum: Number(issue.minimum) };
  return { kind: 'passwordMissing' };
}

/** The faults of the e-mail and the password in a refused form. */
export function describeFaults(error: z.ZodError): FormFaults {
  const email = error.issues.some((issue) => issue.path[0] === 'email');
  const password = error.issues.find((issue) => issue.path[0] === 'password');
  return { ...(email ? { email: { kind: 'emailInvalid' } } : {}), ...(password ? { password: toPasswordFault(password) } : {}) };
}

const FORM_ERRORS: Partial<Record<ErrorCode, FormError>> = {
  unauthenticated: 'wrong',
  too_many_requests: 'throttled',
  forbidden: 'codeRefused',
  conflict: 'ownerExists',
  unavailable: 'unavailable',
};

/** The words for a refusal of the server. */
export function toFormError(code: ErrorCode): FormError {
  return FORM_ERRORS[code] ?? 'refused';
}
