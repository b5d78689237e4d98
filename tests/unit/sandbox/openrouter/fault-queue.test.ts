import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BODY_FAULTS, Fault, FAULT_MODES, FAULT_TARGETS, FaultQueue, isBodyFault, isPlain, TRANSPORT_FAULTS } from '#server/sandbox/openrouter/fault-queue.ts';

const plainFault = fc
  .record({ mode: fc.constantFrom(...FAULT_MODES.filter(isPlain)), target: fc.constantFrom(...FAULT_TARGETS), times: fc.integer({ min: 1, max: 4 }) })
  .map((fault) => Fault.parse(fault));

function fill(faults: readonly Fault[]): FaultQueue {
  const queue = new FaultQueue();
  for (const fault of faults) queue.add(fault);
  return queue;
}

describe('FaultQueue', () => {
  test('gives each target its own faults in their order, each as often as it says, however the calls are mixed', () => {
    fc.assert(
      fc.property(fc.array(plainFault, { maxLength: 8 }), fc.array(fc.constantFrom(...FAULT_TARGETS), { maxLength: 40 }), (faults, calls) => {
        const queue = fill(faults);
        const met = calls.map((target) => ({ target, fault: queue.take(target) }));
        for (const target of FAULT_TARGETS) {
          const scripted = faults.filter((fault) => fault.target === target).flatMap((fault) => Array<Fault>(fault.times).fill(fault));
          const taken = met.filter((each) => each.target === target).map((each) => each.fault);
          expect(taken).toEqual(taken.map((_, index) => scripted[index] ?? null));
        }
      }),
    );
  });

  test('lists what is left: as often as was scripted less what was met, and nothing that is used up', () => {
    fc.assert(
      fc.property(fc.array(plainFault, { maxLength: 8 }), fc.array(fc.constantFrom(...FAULT_TARGETS), { maxLength: 20 }), (faults, calls) => {
        const queue = fill(faults);
        const metCount = calls.filter((target) => queue.take(target) !== null).length;
        const left = queue.list();
        const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
        expect(sum(left.map((fault) => fault.left))).toBe(sum(faults.map((fault) => fault.times)) - metCount);
        expect(left.every((fault) => fault.left >= 1 && fault.left <= fault.times)).toBe(true);
      }),
    );
  });

  test('forgets all when it is cleared, and takes new ones', () => {
    const queue = fill([Fault.parse({ mode: '500', times: 9 }), Fault.parse({ mode: '404', target: 'generation' })]);
    queue.take('completion');
    queue.clear();
    expect([queue.list(), queue.take('completion'), queue.take('generation')]).toEqual([[], null, null]);
    queue.add(Fault.parse({ mode: '403' }));
    expect(queue.take('completion')?.mode).toBe('403');
  });
});

describe('a fault', () => {
  test('strikes the next completion, once and at once, unless it says otherwise', () => {
    expect(Fault.parse({ mode: 'slow' })).toEqual({ mode: 'slow', target: 'completion', times: 1, delayMs: 0 });
  });

  test('is of exactly one kind, and only a plain one can strike elsewhere than at a completion', () => {
    for (const mode of FAULT_MODES) {
      const kinds = [isPlain(mode), isBodyFault(mode), TRANSPORT_FAULTS.some((each) => each === mode)];
      expect(kinds.filter(Boolean), mode).toHaveLength(1);
      for (const target of FAULT_TARGETS) expect(Fault.safeParse({ mode, target }).success, `${mode} at ${target}`).toBe(target === 'completion' || isPlain(mode));
    }
    expect(BODY_FAULTS.every(isBodyFault)).toBe(true);
  });

  test.each([{ times: 1.5 }, { times: -1 }, { delayMs: 0.5 }, { delayMs: -1 }, { retryAfterSeconds: '5' }, { target: 'credits' }, { left: 1 }])(
    'with %j is none',
    (rest) => expect(Fault.safeParse({ mode: '500', ...rest }).success).toBe(false),
  );
});
