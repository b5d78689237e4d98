import type { HealthPort } from '#server/contracts/load-context.ts';
import type { SessionInfo } from '#server/contracts/login.ts';
import type { SandboxChat } from '#server/contracts/chat.ts';
import type { ReportDeps } from '#server/services/reports/get-overview.ts';

/** What procedures get: who asks, and what they call. */
export interface TrpcContext {
  readonly session: SessionInfo | null;
  readonly reports: ReportDeps;
  readonly health: HealthPort;
  /** Null outside the sandbox. */
  readonly sandboxChat: SandboxChat | null;
}
