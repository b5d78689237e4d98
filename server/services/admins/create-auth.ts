import type { z } from 'zod';
import type { AuthPort } from '#server/contracts/load-context.ts';
import { LoginInput, SetupInput, type SessionInfo } from '#server/contracts/login.ts';
import { AppError } from '#server/errors.ts';
import { hasOwner } from './create-first-owner.ts';
import { createSession } from './create-session.ts';
import { endSession } from './end-session.ts';
import { findSession } from './find-session.ts';
import { logIn } from './log-in.ts';
import { redeemSetupCode } from './redeem-setup-code.ts';
import { createSessionCookie } from './session-cookie.ts';
import { setupSubject, takeAttempt } from './throttle-attempts.ts';
import type { AdminDeps } from './types.ts';

export interface AuthDeps extends AdminDeps {
  /** Where people reach the site; null when that is not configured. Decides whether the cookie is `Secure`. */
  readonly publicUrl: string | null;
}

/** Log-in for loaders and actions, and what the HTTP gate needs of it. */
export interface Auth extends AuthPort {
  /** The session token in a `Cookie` header, or null. */
  readSessionToken(cookieHeader: string | null): string | null;
  /** Whose session it is, or null. Rejects when the database cannot be asked: that is never an answer. */
  findSession(token: string): Promise<SessionInfo | null>;
}

function parseInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError('bad_input', issue ? `${String(issue.path[0] ?? 'Input')} ${issue.message}` : 'This input is not valid.');
}

/** Puts the verbs of this area behind the ports that `http` and `app` know. */
export function createAuth(deps: AuthDeps): Auth {
  const cookie = createSessionCookie(deps.publicUrl);
  return {
    login: async (input, clientAddress) => logIn(deps, parseInput(LoginInput, input), clientAddress),
    logout: (token) => endSession(deps, token),
    hasOwner: () => hasOwner(deps),
    async setup(input, clientAddress) {
      const parsed = parseInput(SetupInput, input);
      await takeAttempt(deps, [setupSubject(clientAddress)]);
      const adminId = await redeemSetupCode(deps, parsed);
      deps.logger.info({ event: 'setup', adminId, clientAddress }, 'first owner created');
      return createSession(deps, adminId);
    },
    serializeCookie: (session) => cookie.serialize(session),
    readSessionToken: (cookieHeader) => cookie.read(cookieHeader),
    findSession: (token) => findSession(deps, token),
  };
}
