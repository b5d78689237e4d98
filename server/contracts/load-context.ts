import type { ExportsPort } from './export.ts';
import type { HealthCheckName } from './vocabulary.ts';
import type { HealthReport, ReadinessObstacle } from './health.ts';
import type { LoginInput, SessionInfo, SetupInput } from './login.ts';

/** A rendering as it goes over the wire, and as text. */
export interface RenderedMetrics {
  readonly body: string;
  /** What is sent: the body, compressed where `contentEncoding` says so. Shared by all who get this rendering: not to be changed. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
  readonly contentEncoding: 'gzip' | null;
}

/** What `/health*` reads: samples in memory, never the outside. */
export interface HealthPort {
  /** True while this process may receive traffic: Postgres answered lately, schema current, event loop turning, not stopping. */
  isReady(): boolean;
  /** What keeps it from being ready; empty while it is. */
  listObstacles(): readonly ReadinessObstacle[];
  /** False once a loop that must go on by itself has not come round for too long: only a restart helps. Looks at nothing outside the process. */
  isLive(): boolean;
  /** False while asking Postgres anything would only be waiting for it. */
  isDatabaseAnswering(): boolean;
  report(exclude?: readonly HealthCheckName[]): HealthReport;
}

/** `public`: may know that it is healthy or not, and nothing else. */
export type HealthReader = 'public' | 'insider' | 'refused';

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

/** Updates that Telegram brings. */
export interface IntakePort {
  /** Whether a request's secret is ours; compared in constant time. */
  isSecret(given: string | null): boolean;
  /** Stores the update that is a request's body, for good. `bad_input` when it is none, `unavailable` when it cannot be stored now. */
  store(body: string): Promise<void>;
}

/**
 * What a Remix loader, action or resource route gets from the server: `app` holds no value of it.
 * @typeParam Api the tRPC caller, whose type only `server/trpc` knows.
 */
export interface ServerLoadContext<Api> {
  readonly api: Api;
  readonly auth: AuthPort;
  readonly health: HealthPort;
  /** Null: updates are not brought here. */
  readonly intake: IntakePort | null;
  readonly session: SessionInfo | null;
  /** The token behind `session`, for logging out. */
  readonly sessionToken: string | null;
  readonly clientAddress: string;
  readonly cspNonce: string;
  readonly isSandbox: boolean;
  readonly version: string;
  /** Null: `/metrics` is open. Else the request must carry this verdict of the bearer token. */
  isMetricsRequestAllowed(authorization: string | null): boolean;
  /** How much of the health is for who asks: their session or the token of the metrics makes them an insider; a wrong token is refused. */
  judgeHealthReader(authorization: string | null): HealthReader;
  readonly exports: ExportsPort;
  renderMetrics(accept: string | null, acceptEncoding: string | null): Promise<RenderedMetrics>;
  handleTrpc(request: Request): Promise<Response>;
  /** Logs and counts what a loader, an action or rendering threw unexpectedly; the visitor sees none of it. */
  reportError(error: unknown): void;
}
