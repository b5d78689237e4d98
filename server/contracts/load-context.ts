import type { HealthCheckName } from './vocabulary.ts';
import type { HealthReport } from './health.ts';
import type { LoginInput, SessionInfo, SetupInput } from './login.ts';

/** A rendered body and its media type. */
export interface RenderedMetrics {
  readonly body: string;
  readonly contentType: string;
}

/** What `/health*` reads: samples in memory, never the outside. */
export interface HealthPort {
  /** True while this process may receive traffic: Postgres answered lately, schema current, not stopping. */
  isReady(): boolean;
  report(exclude?: readonly HealthCheckName[]): HealthReport;
}

/** A session token to be set as a cookie, and its absolute end. */
export interface NewSession {
  readonly token: string;
  readonly expiresAt: Date;
}

/** Log-in as loaders and actions use it. All reject with `AppError`. */
export interface AuthPort {
  /** `bad_input`, `unauthenticated` (wrong e-mail or password, one message for both), `too_many_requests`. */
  login(input: LoginInput, clientAddress: string): Promise<NewSession>;
  logout(token: string): Promise<void>;
  /** Whether the first owner was made; before that nobody can log in. */
  hasOwner(): Promise<boolean>;
  /** Makes the first owner. `forbidden` when the code is wrong, used or expired, `conflict` when an owner exists. */
  setup(input: SetupInput, clientAddress: string): Promise<NewSession>;
  /** The `Set-Cookie` value that carries a session, or that ends it (null). */
  serializeCookie(session: NewSession | null): string;
}

/**
 * What a Remix loader, action or resource route gets from the server: `app` holds no value of it.
 * @typeParam Api the tRPC caller, whose type only `server/trpc` knows.
 */
export interface ServerLoadContext<Api> {
  readonly api: Api;
  readonly auth: AuthPort;
  readonly health: HealthPort;
  readonly session: SessionInfo | null;
  /** The token behind `session`, for logging out. */
  readonly sessionToken: string | null;
  readonly clientAddress: string;
  readonly cspNonce: string;
  readonly isSandbox: boolean;
  readonly version: string;
  /** Null: `/metrics` is open. Else the request must carry this verdict of the bearer token. */
  isMetricsRequestAllowed(authorization: string | null): boolean;
  renderMetrics(accept: string | null): Promise<RenderedMetrics>;
  handleTrpc(request: Request): Promise<Response>;
  /** Logs and counts what a loader, an action or rendering threw unexpectedly; the visitor sees none of it. */
  reportError(error: unknown): void;
}
