import { afterEach, beforeEach, expect, test } from 'vitest';
import { driftActivity } from '#db/schema/index.ts';
import { Drift } from '#server/contracts/drift.ts';
import { getDrift } from '#server/services/drift/get-drift.ts';
import { measureActivity } from '#server/services/drift/measure-activity.ts';
import { spent, startDriftRig, type DriftRig } from '#tests/support/drift.ts';
import { seedGeneration } from '#tests/support/seed.ts';

const NOW = '2026-11-25T12:00:00.000Z';
const FLASH = 'google/gemini-2.5-flash';
const ZERO = '0.000000000000';
let rig: DriftRig;
beforeEach(async () => {
  rig = await startDriftRig(NOW);
});
afterEach(() => rig.close());

const own = (at: string, costUsd: string, rest: Partial<Parameters<typeof seedGeneration>[1]> = {}) => seedGeneration(rig.database.handle.db, { startedAt: new Date(at), costUsd, ...rest });
const activity = async () => Drift.parse(await getDrift({ ...rig.deps, reportingTimeZone: 'UTC' }, true)).activity;
const rows = async () => (await activity())?.rows.map((row) => [row.date, row.model, row.ledgerUsd, row.providerUsd, row.differenceUsd, row.ledgerCount, row.providerCount]);

test('both sides of each completed day and model stand beside each other, endpoints and kinds of charge added up', async () => {
  await own('2026-11-24T00:00:00.000Z', '0.1');
  await own('2026-11-24T23:59:59.999Z', '0.2', { isByok: true });
  await rig.openRouter.importEntries([spent('2026-11-24T00:00:00.000Z', '0.1', { provider: 'Google' }), spent('2026-11-24T23:59:59.999Z', '0.2', { provider: 'Vertex', isByok: true })]);
  await measureActivity(rig.deps);
  expect(await rows()).toEqual([['2026-11-24', FLASH, '0.300000000000', '0.300000000000', ZERO, 2, 2]]);
  expect((await activity())?.checkedAt).toBe(NOW);
});

test('what only one side knows is a whole difference, told by its day and model, the newest day first', async () => {
  await own('2026-11-23T10:00:00.000Z', '0.5');
  await rig.openRouter.importEntries([spent('2026-11-24T10:00:00.000Z', '0.000000000001', { model: 'openai/gpt-4o' })]);
  await measureActivity(rig.deps);
  expect(await rows()).toEqual([
    ['2026-11-24', 'openai/gpt-4o', ZERO, '0.000000000001', '0.000000000001', 0, 1],
    ['2026-11-23', FLASH, '0.500000000000', ZERO, '-0.500000000000', 1, 0],
  ]);
});

test('the running day, days long past, imported rows and unsettled attempts are not compared', async () => {
  await own('2026-11-25T00:00:00.000Z', '1');
  await own('2026-10-25T23:59:59.999Z', '1');
  await own('2026-11-24T10:00:00.000Z', '1', { importedFrom: 'trace.csv' });
  await seedGeneration(rig.database.handle.db, { startedAt: new Date('2026-11-24T10:00:00.000Z'), status: 'unknown', costUsd: null, costSource: 'none' });
  await rig.openRouter.importEntries([spent('2026-11-25T00:00:00.000Z', '1'), spent('2026-10-25T23:59:59.999Z', '1')]);
  await measureActivity(rig.deps);
  expect(await activity()).toBeNull();
});

test('an attempt is counted under the model that served it, also where the answer named its version', async () => {
  await own('2026-11-24T10:00:00.000Z', '0.1', { model: '~google/gemini-flash-latest', responseModel: FLASH });
  await own('2026-11-24T11:00:00.000Z', '0.2', { model: 'a/b', responseModel: 'a/b-2026-01-01' });
  await own('2026-11-24T11:00:00.000Z', '0.4', { model: 'c/d', responseModel: 'c/d-2026-01-01' });
  const row = { date: '2026-11-24', byokUsd: '0', requestCount: 1, promptTokens: 1, completionTokens: 1 };
  const listActivity = async () => [
    { ...row, model: FLASH, permanentModel: 'google/gemini-2.5-flash-001', usageUsd: '0.1' },
    { ...row, model: 'a/b', permanentModel: 'a/b-2026-01-01', usageUsd: '0.2' },
    // Two names of one version: whose it was cannot be told.
    { ...row, model: 'c/d', permanentModel: 'c/d-2026-01-01', usageUsd: '0.2' },
    { ...row, model: 'c/d:free', permanentModel: 'c/d-2026-01-01', usageUsd: '0.2' },
  ];
  await measureActivity({ ...rig.deps, source: { ...rig.deps.source, llm: { ...rig.deps.source.llm, listActivity } } });
  const differences = Object.fromEntries((await activity())?.rows.map(({ model, differenceUsd }) => [model, differenceUsd]) ?? []);
  expect(differences).toEqual({ [FLASH]: ZERO, 'a/b': ZERO, 'c/d': '0.200000000000', 'c/d:free': '0.200000000000', 'c/d-2026-01-01': '-0.400000000000' });
});

test('measured again, rows follow both sides, are never doubled, and those of older days stay', async () => {
  await own('2026-10-26T10:00:00.000Z', '0.1');
  await rig.openRouter.importEntries([spent('2026-11-24T10:00:00.000Z', '0.2')]);
  await measureActivity(rig.deps);
  await own('2026-11-24T10:00:00.000Z', '0.2');
  rig.setTime('2026-11-26T03:35:00.000Z');
  await measureActivity(rig.deps);
  expect(await rows()).toEqual([
    ['2026-11-24', FLASH, '0.200000000000', '0.200000000000', ZERO, 1, 1],
    ['2026-10-26', FLASH, '0.100000000000', ZERO, '-0.100000000000', 1, 0],
  ]);
});

test('a row of which neither side tells any more goes', async () => {
  const { db } = rig.database.handle;
  await db.insert(driftActivity).values({ date: '2026-11-20', model: 'x/y', ledgerUsd: '1', providerUsd: '1', ledgerCount: 1, providerCount: 1, checkedAt: new Date('2026-11-21T03:35:00Z') });
  await measureActivity(rig.deps);
  expect(await db.$count(driftActivity)).toBe(0);
});

test.each([['401', 'OpenRouter refuses the management key.'], ['503', 'OpenRouter does not tell its activity now.']] as const)('status %s is told in words and changes nothing', async (mode, message) => {
  await own('2026-11-24T10:00:00.000Z', '0.1');
  await rig.openRouter.addFault({ mode, target: 'activity' });
  await expect(measureActivity(rig.deps)).rejects.toMatchObject({ code: 'unavailable', message });
  expect(await activity()).toBeNull();
});

test('without a management key nothing is asked and nothing changes', async () => {
  await own('2026-11-24T10:00:00.000Z', '0.1');
  await measureActivity(rig.withClient({ managementKey: undefined }));
  expect(await activity()).toBeNull();
});
