import type { Executor } from '#db/client.ts';
import { auditLog } from '#db/schema/index.ts';

/** What an admin changed. */
export interface AuditInput {
  readonly at: Date;
  readonly adminId: number;
  /** `budget.create`, `budget.lift`, … */
  readonly action: string;
  /** What was changed, such as `budget:7`. */
  readonly subject: string;
  /** Values after the change, and before it where there were any; never a secret. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** Notes a change; call it inside the transaction that makes the change, so that neither is without the other. */
export async function recordAudit(executor: Executor, input: AuditInput): Promise<void> {
  await executor.insert(auditLog).values(input);
}
