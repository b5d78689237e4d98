import type { Request, RequestHandler, Response } from 'express';
import type { AuthPort, HealthPort } from '#server/contracts/load-context.ts';
import { HEALTH_CHECKS } from '#server/contracts/vocabulary.ts';
import type { SessionInfo } from '#server/contracts/login.ts';
import { WEBHOOK_PATH } from '#server/contracts/webhook.ts';
import { AppError } from '#server/errors.ts';
import { refuseAnonymous } from './login-redirect.ts';
import { requestState } from './request-state.ts';

/** Log-in, and how a request shows its session. */
export interface HttpAuth extends AuthPort {
  readSessionToken(cookieHeader: string | null): string | null;
  /** Rejects when it cannot be known; that is never a yes. */
  findSession(token: string): Promise<SessionInfo | null>;
}

/** For machines, which have no session: probes are answered from memory, Telegram shows a secret. */
const READY_PATH = '/health/ready';
const MACHINE_PATHS = new Set(['/metrics', '/health/live', READY_PATH, WEBHOOK_PATH]);
/** Answered for anybody, with more detail for those who are logged in. */
const REPORT_PATHS = new Set(['/health', ...HEALTH_CHECKS.map((check) => `/health/${check}`)]);
/** What somebody without a session needs: to log in, to choose the language of that page, and the route table of Remix (names, no data). */
const PUBLIC_PAGE_PATHS = new Set(['/login', '/login.data', '/setup', '/setup.data', '/preferences', '/preferences.data', '/__manifest']);
/** Work without the database, though without the session too. */
const INDEPENDENT_PAGE_PATHS = new Set(['/preferences', '/preferences.data', '/__manifest']);
const ICON_PATHS = new Set(['/favicon.ico', '/favicon.svg', '/robots.txt', '/apple-touch-icon.png']);

/** How long a health report waits to learn who asks before it answers as to anybody. */
const REPORT_SESSION_TIMEOUT_MS = 300;

/** Whether a path is open to everybody. Everything that is not listed needs a session. */
export function isPublicPath(path: string): boolean {
  return MACHINE_PATHS.has(path) || REPORT_PATHS.has(path) || PUBLIC_PAGE_PATHS.has(path) || ICON_PATHS.has(path);
}

/** Whether a program asks there, not a person: probes, scrapes, Telegram. */
export function isForMachines(path: string): boolean {
  return MACHINE_PATHS.has(path) || REPORT_PATHS.has(path);
}

/** Whether there is no answer without the database. Telegram, too, has its updates stored or not at all. */
function needsDatabase(path: string): boolean {
  return path === WEBHOOK_PATH || ![MACHINE_PATHS, REPORT_PATHS, ICON_PATHS, INDEPENDENT_PAGE_PATHS].some((paths) => paths.has(path));
}

/** Who asks a probe for its reasons has to show who they are, as with a report. */
function isReport(path: string, req: Request): boolean {
  return REPORT_PATHS.has(path) || (path === READY_PATH && req.query['verbose'] !== undefined);
}

async function withinReportTime(session: Promise<SessionInfo | null>): Promise<SessionInfo | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), REPORT_SESSION_TIMEOUT_MS);
  });
  return Promise.race([session.catch(() => null), late]).finally(() => clearTimeout(timer));
}

/**
 * Default deny. Looks up the session (503 when that fails), lets public paths and logged-in visitors pass, and sends the
 * rest to the log-in. While the database does not answer, what needs it is refused at once instead of waiting for it.
 * Nothing that passes may be kept by a cache.
 */
export function createGate(auth: HttpAuth, health: Pick<HealthPort, 'isDatabaseAnswering'>): RequestHandler {
  const findOut = async (req: Request, res: Response): Promise<'pass' | 'refuse'> => {
    const state = requestState(res);
    const path = state.path ?? '';
    const isDatabaseAway = !health.isDatabaseAnswering();
    if (isDatabaseAway && needsDatabase(path)) throw new AppError('unavailable', 'The database does not answer at the moment. Try again soon.');
    if (MACHINE_PATHS.has(path) && !isReport(path, req)) return 'pass';
    res.setHeader('Cache-Control', 'no-store');
    const token = isDatabaseAway ? null : auth.readSessionToken(req.headers.cookie ?? null);
    if (token !== null) {
      try {
        const found = auth.findSession(token);
        state.session = await (isReport(path, req) ? withinReportTime(found) : found);
      } catch (error) {
        throw new AppError('unavailable', 'The site cannot check who you are at the moment. Try again soon.', error);
      }
      if (state.session) state.sessionToken = token;
    }
    return state.session || isPublicPath(path) ? 'pass' : 'refuse';
  };
  return (req, res, next) => {
    findOut(req, res)
      .then((verdict) => (verdict === 'pass' ? next() : refuseAnonymous(req, res)))
      .catch(next);
  };
}
