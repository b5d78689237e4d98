import Big from 'big.js';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CHECKPOINTS, type Checkpoint } from '#server/services/generations/types.ts';
import { reconcileGenerations } from '#server/services/generations/reconcile-generations.ts';
import { startLedgerRig, type LedgerRig } from '#tests/support/ledger.ts';
import { createTestClock, partedOf, settledRows, startRun, type ProgramRun, type TestClock } from '#tests/support/parity.ts';
import { seedUser } from '#tests/support/seed.ts';

/*
 * Random histories of several runs of the program on one database, through the real services: whatever befalls calls,
 * processes and users, the counters of each run say what the tables say that it wrote.
 */
const MINUTE_MS = 60_000;
const FAULTS = [
  ...(['503', '429', '400', 'error_in_200', 'choice_error', 'empty_choices', 'empty_content', 'missing_usage', 'missing_cost', 'byok'] as const),
  ...(['short_content', 'foreign_content', 'truncated_json', 'destroy_after_headers', 'bill_then_hang', 'midstream_error', 'cut_stream'] as const),
];

/** Where nobody waits for us, dying would be an error of nobody's. */
const MORTAL: readonly Checkpoint[] = ['after_reserve', 'before_settle', 'in_settle', 'after_settle'];
const blows = [...CHECKPOINTS.map((at) => ({ at, isDeath: false })), ...MORTAL.map((at) => ({ at, isDeath: true }))];

const run = fc.nat({ max: 1 });
const stepArbitrary = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('read' as const), run, faults: fc.array(fc.constantFrom(...FAULTS), { maxLength: 3 }), count: fc.integer({ min: 1, max: 3 }) }) },
  // The process dies there, or is only held up until the reconciler has given it up.
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('trouble' as const), run, blow: fc.constantFrom(...blows) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('look up' as const), run }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('correct' as const), run, which: fc.nat(), factor: fc.constantFrom('0', '0.5', '1', '1.7') }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('handle' as const), run, hasUser: fc.boolean(), outcome: fc.constantFrom('ok' as const, 'failed' as const, 'limited' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('pay' as const), run, charge: fc.nat({ max: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('budget' as const), limitUsd: fc.constantFrom('0.000001', '0.002') }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 50 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('compare' as const), run }) },
);
type Step = typeof stepArbitrary extends fc.Arbitrary<infer T> ? T : never;

/** One history in which everything happens that must be met at least once: chance alone leaves something out now and then. */
const EVERYTHING: Step[] = [
  { kind: 'read', run: 0, faults: ['missing_usage'], count: 1 },
  { kind: 'trouble', run: 1, blow: { at: 'before_settle', isDeath: true } },
  { kind: 'wait', minutes: 5 },
  { kind: 'look up', run: 1 },
  { kind: 'correct', run: 0, which: 0, factor: '1.7' },
  { kind: 'handle', run: 0, hasUser: true, outcome: 'failed' },
  { kind: 'pay', run: 1, charge: 0 },
  { kind: 'budget', limitUsd: '0.000001' },
  { kind: 'compare', run: 0 },
];

let rig: LedgerRig;
beforeAll(async () => {
  rig = await startLedgerRig();
  await rig.database.handle.sql`select ensure_interactions_partitions(now(), now() + interval '40 days')`;
});
afterAll(() => rig.close());

interface World {
  readonly clock: TestClock;
  readonly runs: readonly ProgramRun[];
  readonly userId: number;
  updateId: number;
}

async function startWorld(): Promise<World> {
  await rig.database.handle.sql`truncate ai_usage, ai_cost_corrections, interactions, payments, inbox, budgets, budget_periods, budget_deltas, budget_events cascade`;
  await rig.openRouter.clearFaults();
  const clock = createTestClock();
  return { clock, runs: [await startRun(rig, clock), await startRun(rig, clock)], userId: await seedUser(rig.deps.db), updateId: 0 };
}

class Death extends Error {}

async function readIn(world: World, own: ProgramRun, onCheckpoint?: (at: Checkpoint) => Promise<void>): Promise<void> {
  // A client of its own: no breaker remembers the reading before.
  const llm = rig.openRouter.client({ timeoutMs: 250, attemptsMax: 2 });
  await rig.read({ userId: world.userId, deps: { ...own.generations, llm, ...(onCheckpoint ? { onCheckpoint } : {}) } });
}

/** Everybody who holds a reservation is given up. */
const giveUp = ({ clock }: World) => reconcileGenerations(rig.deps.db, new Date(clock.now().getTime() + 10 * MINUTE_MS));

async function meetTrouble(world: World, own: ProgramRun, { at, isDeath }: (typeof blows)[number]): Promise<void> {
  let isOver = false;
  const onCheckpoint = async (checkpoint: Checkpoint): Promise<void> => {
    // Who is in the middle of a transaction cannot be given up: its row is locked.
    if (checkpoint === at && !isDeath && !isOver && at !== 'in_settle') await giveUp(world);
    isOver ||= checkpoint === at;
    if (isDeath && isOver) throw new Death();
  };
  await readIn(world, own, onCheckpoint).catch((error: unknown) => {
    if (!(error instanceof Death)) throw error;
  });
}

async function take(world: World, step: Step): Promise<void> {
  const own = world.runs['run' in step ? step.run : 0];
  if (!own) throw new Error('no such run');
  switch (step.kind) {
    case 'read':
      for (const mode of step.faults) await rig.openRouter.addFault({ mode });
      await Promise.all(Array.from({ length: step.count }, () => readIn(world, own)));
      return rig.openRouter.clearFaults();
    case 'trouble':
      return meetTrouble(world, own, step.blow);
    case 'look up':
      await giveUp(world);
      return own.lookUp();
    case 'correct': {
      const rows = await settledRows(rig);
      const row = rows[step.which % Math.max(1, rows.length)];
      return row ? own.correct(row.requestId, new Big(row.costUsd ?? 0).times(step.factor).toFixed(12)) : undefined;
    }
    case 'handle':
      return own.handle({ updateId: (world.updateId += 1), userId: step.hasUser ? world.userId : null, outcome: step.outcome });
    case 'pay':
      return own.pay({ userId: world.userId, chargeId: `charge ${step.charge}` });
    case 'budget':
      return void (await rig.addBudget({ limitUsd: step.limitUsd, steps: [{ percent: 100, action: 'stop' }] }));
    case 'wait':
      // Another day, as it were: what had stopped goes on.
      await rig.database.handle.sql`update budgets set archived_at = now(), updated_at = now()`;
      return world.clock.move(step.minutes * MINUTE_MS);
    case 'compare':
      return expectParity(own, step);
  }
}

async function expectParity(own: ProgramRun, after: unknown): Promise<void> {
  expect({ after, parted: partedOf(await own.check.compare()) }).toEqual({ after, parted: {} });
}

/** What makes a history worth its name: it is checked that the steps above bring it about. */
async function countHappenings(seen: Record<'resolved' | 'corrected' | 'late' | 'failed' | 'paid', number>): Promise<void> {
  const [row] = await rig.database.handle.sql<(typeof seen)[]>`
    select (select count(*) from ai_usage where resolved_at is not null)::int as resolved, (select count(*) from ai_cost_corrections)::int as corrected,
      (select count(*) from ai_usage where started_at + interval '1 minute' < resolved_at or error_type = 'interrupted' and duration_ms is null)::int as late,
      (select count(*) from interactions where outcome = 'failed')::int as failed, (select count(*) from payments)::int as paid`;
  seen.resolved += row?.resolved ?? 0;
  seen.corrected += row?.corrected ?? 0;
  seen.late += row?.late ?? 0;
  seen.failed += row?.failed ?? 0;
  seen.paid += row?.paid ?? 0;
}

test('property: in every history the counters of each process say what the tables say that it wrote, at every look', async () => {
  const kinds = new Set<string>();
  const seen = { resolved: 0, corrected: 0, late: 0, failed: 0, paid: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(stepArbitrary, { minLength: 4, maxLength: 14 }), async (steps) => {
      const world = await startWorld();
      for (const step of steps) {
        kinds.add(step.kind);
        await take(world, step);
      }
      for (const own of world.runs) await expectParity(own, 'the end');
      await countHappenings(seen);
      // Who starts now has written nothing, whatever others did.
      await expectParity(await startRun(rig, world.clock), 'a fresh start');
    }),
    { numRuns: 25, examples: [[EVERYTHING]] },
  );
  expect(kinds.size).toBe(9);
  expect(Object.entries(seen).filter(([, count]) => count === 0)).toEqual([]);
}, 180_000);

test.each(blows)('a process that is struck at a point keeps parity, then and after the reconciler and a look-up: %o', async (blow) => {
  const world = await startWorld();
  const [own, other] = world.runs;
  if (!own || !other) throw new Error('no run');
  await meetTrouble(world, own, blow);
  await expectParity(own, 'the blow');
  await giveUp(world);
  await expectParity(own, 'the reconciler');
  await other.lookUp();
  for (const each of world.runs) await expectParity(each, 'a look-up by another process');
});
