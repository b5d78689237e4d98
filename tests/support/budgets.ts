import { eq } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import { aiUsage, auditLog, budgetEvents, modelPrices, type AuditEntry, type BudgetEvent } from '#db/schema/index.ts';
import type { CreateBudgetInput } from '#server/contracts/budgets.ts';
import type { Plan } from '#server/contracts/vocabulary.ts';
import { createBudget } from '#server/services/budgets/create-budget.ts';
import type { BudgetDeps } from '#server/services/budgets/deps.ts';
import { finishGeneration } from '#server/services/generations/finish-generation.ts';
import { reserveGenerations, type Reservation } from '#server/services/generations/reserve-generations.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

/** A cent per token of the answer, nothing for the prompt. */
export const DEAR_MODEL = 'test/dear';
/** A tenth of that. */
export const CHEAP_MODEL = 'test/cheap';
export const ADMIN_ID = 41;

/** The middle of a month and of a week, in UTC. */
export const NOON = new Date('2026-11-18T12:00:00Z');

export interface ReserveOptions {
  readonly userId?: number;
  readonly plan?: Plan;
  readonly operation?: 'tarot_card' | 'natal_chart';
}

/** Budgets on a real Postgres, with a clock that the test sets. */
export interface BudgetRig {
  readonly database: TestDatabase;
  readonly deps: BudgetDeps;
  setNow(at: Date): void;
  /** A daily budget of a dollar for all that stops at the limit, unless said otherwise. */
  create(input?: Partial<CreateBudgetInput>): Promise<number>;
  /** Asks for a call of the dear model that may cost so many cents. */
  reserve(cents: number, options?: ReserveOptions): Promise<Reservation>;
  /** A call that was reserved with so many cents and cost so many. */
  call(reservedCents: number, costCents: number, options?: ReserveOptions): Promise<void>;
  /** Books what a reserved call cost. */
  settle(requestId: string, costCents: number): Promise<void>;
  events(budgetId: number): Promise<BudgetEvent[]>;
  audit(budgetId: number): Promise<AuditEntry[]>;
  close(): Promise<void>;
}

const TRACE = { durationMs: 900, generationId: null, responseModel: null, provider: null, finishReason: 'stop', usage: null } as const;

export async function startBudgetRig(reportingTimeZone = 'UTC'): Promise<BudgetRig> {
  const database = await createTestDatabase({ maxConnections: 10 });
  const { db } = database.handle;
  let now = NOON;
  const deps: BudgetDeps = { db, clock: { now: () => now }, reportingTimeZone };
  const free = { promptUsd: '0', requestUsd: '0', validFrom: new Date('2026-01-01T00:00:00Z') };
  await db.insert(modelPrices).values([
    { model: DEAR_MODEL, completionUsd: '0.01', ...free },
    { model: CHEAP_MODEL, completionUsd: '0.001', ...free },
  ]);

  const reserve: BudgetRig['reserve'] = async (cents, { userId = 7, plan = 'free', operation = 'tarot_card' } = {}) => {
    const ask = { operation, model: DEAR_MODEL, plan, userId, startedAt: now, promptTokensMax: 0, completionTokensMax: cents };
    const options = { db, reportingTimeZone, cheaperModel: CHEAP_MODEL, leaseMs: 60_000 };
    const [reservation] = await reserveGenerations(options, [{ ...ask, askId: uuidv7(), attempt: 1, updateId: null }]);
    if (!reservation) throw new Error('no answer to a reservation');
    return reservation;
  };
  const settle: BudgetRig['settle'] = async (requestId, costCents) => {
    const costUsd = (costCents / 100).toFixed(12);
    const [row] = await db.select({ startedAt: aiUsage.startedAt }).from(aiUsage).where(eq(aiUsage.requestId, requestId));
    await finishGeneration(db, {
      requestId,
      startedAt: row?.startedAt ?? now,
      outcome: { kind: 'answered', text: 'a reading', ...TRACE, bill: { costUsd, isByok: false } },
      assessment: { status: 'settled', costUsd, costSource: 'billed', errorType: null, disposition: 'delivered' },
      finishedAt: now,
      reportingTimeZone,
    });
  };
  return {
    database,
    deps,
    setNow: (at) => void (now = at),
    create: (input = {}) =>
      createBudget(deps, { name: 'Test', period: 'day', scope: 'all', scopeValue: null, limitUsd: '1', steps: [{ percent: 100, action: 'stop' }], ...input }, ADMIN_ID),
    reserve,
    settle,
    async call(reservedCents, costCents, options) {
      const reservation = await reserve(reservedCents, options);
      if (reservation.kind === 'refused') throw new Error(`refused: ${reservation.refusal.action}`);
      await settle(reservation.requestId, costCents);
    },
    events: (budgetId) => db.select().from(budgetEvents).where(eq(budgetEvents.budgetId, budgetId)).orderBy(budgetEvents.id),
    audit: (budgetId) => db.select().from(auditLog).where(eq(auditLog.subject, `budget:${budgetId}`)).orderBy(auditLog.id),
    close: () => database.drop(),
  };
}
