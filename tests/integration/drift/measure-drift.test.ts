import { afterEach, beforeEach, expect, test } from 'vitest';
import { aiUsage, driftChecks, type NewAiUsage } from '#db/schema/index.ts';
import { Drift } from '#server/contracts/drift.ts';
import { getDrift } from '#server/services/drift/get-drift.ts';
import { measureDrift } from '#server/services/drift/measure-drift.ts';
import { spent, startDriftRig, type DriftRig } from '#tests/support/drift.ts';
import { buildLlmRequest } from '#tests/support/openrouter.ts';
import { seedGeneration } from '#tests/support/seed.ts';

/** A Wednesday. */
const NOW = '2026-11-25T12:00:00.000Z';
const ZERO = '0.000000000000';
const OPEN = { costUsd: null, costSource: 'none' } as const;
let rig: DriftRig;
beforeEach(async () => {
  rig = await startDriftRig(NOW);
});
afterEach(() => rig.close());

/** A call that both sides know. */
async function bothKnow(at: string, costUsd: string, rest: Partial<NewAiUsage> = {}): Promise<void> {
  await seedGeneration(rig.database.handle.db, { startedAt: new Date(at), costUsd, ...rest });
  await rig.openRouter.importEntries([spent(at, costUsd, { isByok: rest.isByok ?? false })]);
}
const ownOnly = (at: string, row: Partial<NewAiUsage>) => seedGeneration(rig.database.handle.db, { startedAt: new Date(at), ...row });
const drift = async () => Drift.parse(await getDrift({ ...rig.deps, reportingTimeZone: 'UTC' }, true));
const latest = async () => Object.fromEntries((await drift()).latest?.comparisons.map((row) => [row.period, row]) ?? []);
const differences = async () => Object.values(await latest()).map(({ differenceUsd }) => differenceUsd);

test('the difference is nothing where the ledger and the provider agree, also on the smallest amounts', async () => {
  await bothKnow('2026-11-25T00:00:00.000Z', '0.000000000001');
  await bothKnow('2026-11-24T10:00:00.000Z', '0.1');
  await bothKnow('2026-11-02T10:00:00.000Z', '0.2');
  await measureDrift(rig.deps);
  expect(await differences()).toEqual([ZERO, ZERO, ZERO]);
  expect(await latest()).toMatchObject({
    day: { ledgerUsd: '0.000000000001', providerUsd: '0.000000000001' },
    week: { ledgerUsd: '0.100000000001', startsAt: '2026-11-23T00:00:00.000Z' },
    month: { ledgerUsd: '0.300000000001', startsAt: '2026-11-01T00:00:00.000Z' },
  });
  expect(rig.told).toEqual(['0']);
});

test('a call made elsewhere with the same key shows as exactly its cost, from its period on', async () => {
  await bothKnow('2026-11-25T01:00:00.000Z', '0.5');
  await rig.openRouter.importEntries([spent('2026-11-23T00:00:00.000Z', '0.123456789012')]);
  await measureDrift(rig.deps);
  expect(await differences()).toEqual([ZERO, '0.123456789012', '0.123456789012']);
});

test('what only the ledger knows is a difference below zero', async () => {
  await ownOnly('2026-11-25T01:00:00.000Z', { costUsd: '0.25' });
  await measureDrift(rig.deps);
  expect(await differences()).toEqual(['-0.250000000000', '-0.250000000000', '-0.250000000000']);
  expect(rig.told).toEqual(['-0.25']);
});

test('calls that a provider charged to a key of one’s own count on both sides', async () => {
  await bothKnow('2026-11-25T01:00:00.000Z', '0.75', { isByok: true });
  await bothKnow('2026-11-25T02:00:00.000Z', '0.25');
  await measureDrift(rig.deps);
  expect(await latest()).toMatchObject({ day: { ledgerUsd: '1.000000000000', providerUsd: '1.000000000000', differenceUsd: ZERO } });
});

test('a real call through the client is the same money on both sides', async () => {
  const outcome = await rig.openRouter.client().generate(buildLlmRequest());
  await ownOnly(NOW, { costUsd: outcome.bill?.costUsd ?? null, model: 'openai/gpt-4o-mini' });
  await measureDrift(rig.deps);
  expect((await latest())['day']).toMatchObject({ differenceUsd: ZERO, ledgerUsd: expect.stringMatching(/[1-9]/) });
});

test('what was imported from a log of other calls is not compared', async () => {
  await ownOnly('2026-11-25T01:00:00.000Z', { costUsd: '9', importedFrom: 'trace.csv' });
  await ownOnly('2026-11-25T01:00:00.000Z', { ...OPEN, status: 'unknown', importedFrom: 'trace.csv' });
  await measureDrift(rig.deps);
  expect((await latest())['day']).toMatchObject({ ledgerUsd: ZERO, differenceUsd: ZERO, unknownCount: 0 });
  expect((await drift()).unmatched).toEqual({ rows: [], totalCount: 0 });
});

test('the week begins with Monday in UTC, whatever the reporting time zone', async () => {
  await bothKnow('2026-11-22T23:59:59.999Z', '1');
  await bothKnow('2026-11-23T00:00:00.000Z', '2');
  await measureDrift(rig.deps);
  expect(await latest()).toMatchObject({ day: { ledgerUsd: ZERO }, week: { ledgerUsd: '2.000000000000', differenceUsd: ZERO }, month: { ledgerUsd: '3.000000000000' } });
});

test('at the turn of the month day and month begin anew, and the week goes on', async () => {
  await bothKnow('2026-11-30T23:59:59.999Z', '4');
  await bothKnow('2026-12-01T00:00:00.000Z', '1');
  rig.setTime('2026-12-01T00:00:00.500Z');
  await measureDrift(rig.deps);
  expect(await latest()).toMatchObject({ day: { providerUsd: '1.000000000000' }, week: { providerUsd: '5.000000000000' }, month: { providerUsd: '1.000000000000' } });
  expect(await differences()).toEqual([ZERO, ZERO, ZERO]);
});

test('attempts without a cost that the provider told are counted per period and listed, the newest first, none as zero', async () => {
  const reserved = await ownOnly('2026-11-25T02:00:00.000Z', { ...OPEN, status: 'reserved' });
  const unknown = await ownOnly('2026-11-24T02:00:00.000Z', { ...OPEN, status: 'unknown', errorType: 'interrupted' });
  const estimated = await ownOnly('2026-11-05T02:00:00.000Z', { costUsd: '0.5', costSource: 'estimated' });
  await ownOnly('2026-11-05T03:00:00.000Z', { ...OPEN, status: 'void', errorType: 'timeout' });
  await ownOnly('2026-10-31T23:59:59.999Z', { ...OPEN, status: 'unknown' });
  await measureDrift(rig.deps);
  const counts = ({ reservedCount, unknownCount, estimatedCount } = { reservedCount: -1, unknownCount: -1, estimatedCount: -1 }) => [reservedCount, unknownCount, estimatedCount];
  const { day, week, month } = await latest();
  expect([counts(day), counts(week), counts(month)]).toEqual([[1, 0, 0], [1, 1, 0], [1, 1, 1]]);
  const { unmatched } = await drift();
  expect(unmatched.totalCount).toBe(3);
  expect(unmatched.rows.map(({ requestId, costUsd }) => [requestId, costUsd])).toEqual([[reserved, null], [unknown, null], [estimated, '0.500000000000']]);
});

test('more than a hundred unmatched attempts are cut and counted', async () => {
  for (let index = 0; index < 103; index += 1) await ownOnly('2026-11-25T02:00:00.000Z', { ...OPEN, status: 'unknown' });
  const { unmatched } = await drift();
  expect([unmatched.rows.length, unmatched.totalCount]).toEqual([100, 103]);
});

test('before the first measurement there is none, and the last thirty are kept in sight, the newest first', async () => {
  expect(await drift()).toMatchObject({ latest: null, history: [], activity: null, isConfigured: true });
  for (let minute = 0; minute < 32; minute += 1) {
    rig.setTime(new Date(Date.parse(NOW) + minute * 60_000));
    await measureDrift(rig.deps);
  }
  const { history, latest: last } = await drift();
  expect(history).toHaveLength(30);
  expect(history.every(({ comparisons }) => comparisons.length === 3)).toBe(true);
  expect([history[0], history.at(-1)?.checkedAt]).toEqual([last, '2026-11-25T12:02:00.000Z']);
  expect(last?.checkedAt).toBe('2026-11-25T12:31:00.000Z');
});

test('a call that is booked while the key is asked does not become a difference', async () => {
  const { source } = rig.deps;
  let isFirst = true;
  const getKey = async () => {
    const key = await source.llm.getKey();
    if (isFirst) await bothKnow('2026-11-25T11:00:00.000Z', '0.4');
    isFirst = false;
    return key;
  };
  await measureDrift({ ...rig.deps, source: { ...source, llm: { ...source.llm, getKey } } });
  expect(await latest()).toMatchObject({ day: { ledgerUsd: '0.400000000000', differenceUsd: ZERO } });
});

test('a ledger that never stands still is measured all the same, after three looks', async () => {
  const { source } = rig.deps;
  let looks = 0;
  const getKey = async () => {
    looks += 1;
    await bothKnow('2026-11-25T11:00:00.000Z', '0.4');
    return source.llm.getKey();
  };
  await measureDrift({ ...rig.deps, source: { ...source, llm: { ...source.llm, getKey } } });
  expect(looks).toBe(3);
  expect(await differences()).toEqual([ZERO, ZERO, ZERO]);
});

test.each([
  ['a key that is refused', '401', 'OpenRouter refuses the key.'],
  ['a key that may not', '403', 'OpenRouter refuses the key.'],
  ['too many requests', '429', 'OpenRouter does not answer.'],
  ['an outage', '503', 'OpenRouter does not answer.'],
  ['a page instead of an answer', 'html200', 'OpenRouter answers something else than asked.'],
  ['a broken connection', 'destroy_before_headers', 'OpenRouter does not answer.'],
] as const)('%s is told in words, and nothing is kept', async (_name, mode, message) => {
  await rig.openRouter.addFault({ mode, target: 'key' });
  await expect(measureDrift(rig.deps)).rejects.toMatchObject({ code: 'unavailable', message });
  expect(await rig.database.handle.db.$count(driftChecks)).toBe(0);
  expect(rig.told).toEqual([]);
});

test('a key that does not tell what it has spent is no key that has spent nothing', async () => {
  const { source } = rig.deps;
  const getKey = async () => ({ ...(await source.llm.getKey()), byok: { totalUsd: null, dailyUsd: null, weeklyUsd: null, monthlyUsd: null } });
  const silent = { ...rig.deps, source: { ...source, llm: { ...source.llm, getKey } } };
  await expect(measureDrift(silent)).rejects.toMatchObject({ code: 'unavailable', message: 'OpenRouter does not tell what the key has spent.' });
  expect(await rig.database.handle.db.$count(driftChecks)).toBe(0);
});

test('two processes that measure at the same instant keep one comparison', async () => {
  await bothKnow('2026-11-25T01:00:00.000Z', '0.5');
  await Promise.all([measureDrift(rig.deps), measureDrift(rig.deps)]);
  expect(await rig.database.handle.db.$count(driftChecks)).toBe(3);
  expect(await rig.database.handle.db.$count(aiUsage)).toBe(1);
});
