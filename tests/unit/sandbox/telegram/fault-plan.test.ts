import { expect, test } from 'vitest';
import { FaultInput } from '#server/sandbox/telegram/control-schemas.ts';
import { FaultPlan } from '#server/sandbox/telegram/fault-plan.ts';

const fault = (input: object) => FaultInput.parse({ method: 'sendMessage', kind: 'destroy', ...input });

test('a fault hits as often as ordered, once if not said', () => {
  const plan = new FaultPlan();
  plan.add(fault({}));
  plan.add(fault({ kind: 'html502', times: 2 }));
  const kinds = Array.from({ length: 4 }, () => plan.take('sendMessage', 1)?.kind ?? null);
  expect(kinds).toEqual(['destroy', 'html502', 'html502', null]);
});

test('it hits its own method only, written in any case, or any method for *', () => {
  const plan = new FaultPlan();
  plan.add(fault({ method: 'SENDMESSAGE' }));
  expect(plan.take('getMe', null)).toBeNull();
  expect(plan.take('sendMessage', 1)).not.toBeNull();
  plan.add(fault({ method: '*' }));
  expect(plan.take('getMe', null)).not.toBeNull();
});

test('it hits its own chat only', () => {
  const plan = new FaultPlan();
  plan.add(fault({ chatId: 2 }));
  expect(plan.take('sendMessage', 1)).toBeNull();
  expect(plan.take('sendMessage', null)).toBeNull();
  expect(plan.take('sendMessage', 2)).not.toBeNull();
});

test('clearing forgets what is planned and releases what hangs, now and the next time', async () => {
  const plan = new FaultPlan();
  plan.add(fault({ times: 5 }));
  for (let round = 0; round < 2; round += 1) {
    const hanging = plan.released;
    plan.clear();
    await expect(hanging).resolves.toBeUndefined();
  }
  expect(plan.take('sendMessage', 1)).toBeNull();
});
