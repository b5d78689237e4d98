import type { HealthPort } from '#server/contracts/load-context.ts';
import type { ParityPort } from '#server/contracts/parity.ts';
import type { SessionInfo } from '#server/contracts/login.ts';
import type { SandboxChat } from '#server/contracts/chat.ts';
import type { Operation } from '#server/contracts/vocabulary.ts';
import type { DriftSource } from '#server/services/drift/deps.ts';
import type { ReportDeps } from '#server/services/reports/report-kit.ts';

/** What procedures get: who asks, and what they call. */
export interface TrpcContext {
  readonly session: SessionInfo | null;
  readonly reports: ReportDeps;
  /** The model that is asked for each operation. */
  readonly models: Readonly<Record<Operation, string>>;
  readonly health: HealthPort;
  /** Null where this process does not compare its counters with the tables. */
  readonly parity: ParityPort | null;
  /** Null where OpenRouter is not configured. */
  readonly drift: DriftSource | null;
  /** Null outside the sandbox. */
  readonly sandboxChat: SandboxChat | null;
}
