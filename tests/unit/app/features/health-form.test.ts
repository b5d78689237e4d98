import { expect, test } from 'vitest';
import { describeNoteFault, describePlanFaults, proposePlan, readPlan, toWindowInput, type PlanValues } from '#app/features/health/form-values.ts';
import { donePath, findDone } from '#app/features/health/health-answer.ts';
import { sinceByCheck } from '#app/features/health/health-data.ts';
import { submitHealthForm } from '#app/features/health/submit.server.ts';
import { openDatabase } from '#db/client.ts';
import { loadConfig } from '#server/config.ts';
import { AcknowledgeIncidentInput, type IncidentRow } from '#server/contracts/health-history.ts';
import { createHealthSampler } from '#server/health/sampler.ts';
import { createLogger } from '#server/lib/logger.ts';
import { createCaller } from '#server/trpc/router.ts';

const VALUES: PlanValues = { from: '2026-11-26T10:00', to: '2026-11-26T11:30', timeZone: 'Europe/Moscow', checks: ['telegram'], reason: 'a new host' };
/** Nobody listens there: what reaches the database fails in another way than what is refused before. */
const { db } = openDatabase({ url: 'postgres://127.0.0.1:1/none' });
const api = createCaller({
  session: { adminId: 1, email: 'owner@example.org', role: 'owner' },
  reports: { db, clock: { now: () => new Date('2026-11-20T12:00:00Z') }, reportingTimeZone: 'UTC' },
  models: loadConfig({}).models,
  health: createHealthSampler({ checks: [], logger: createLogger('silent') }),
  drift: null,
  parity: null,
  sandboxChat: null,
});

function formOf(entries: readonly (readonly [string, string])[]): FormData {
  const form = new FormData();
  for (const [name, value] of entries) form.append(name, value);
  return form;
}

const planForm = (values: PlanValues) =>
  formOf([['intent', 'plan'], ['from', values.from], ['to', values.to], ['timeZone', values.timeZone], ['reason', values.reason], ...values.checks.map((check) => ['checks', check] as const)]);

function faultsOf(change: Partial<PlanValues>) {
  const input = toWindowInput({ ...VALUES, ...change });
  return input.success ? {} : describePlanFaults(input.error);
}

test('the form is read as it was typed, and its times are those of the time zone that it names', () => {
  const read = readPlan(planForm({ ...VALUES, reason: ' a new host ' }));
  expect(read).toEqual(VALUES);
  expect(toWindowInput(read).data).toEqual({ startsAt: '2026-11-26T07:00:00.000Z', endsAt: '2026-11-26T08:30:00.000Z', checks: ['telegram'], reason: 'a new host' });
});

test('the form proposes an hour from the next full ten minutes on', () => {
  expect(proposePlan('2026-11-25T19:51:09.000Z', 'Europe/Moscow')).toMatchObject({ from: '2026-11-25T23:00', to: '2026-11-26T00:00', checks: [] });
  expect(toWindowInput({ ...proposePlan('2026-11-25T19:50:00.000Z', 'UTC'), reason: 'x' }).data).toMatchObject({ startsAt: '2026-11-25T19:50:00.000Z' });
});

test.each([
  ['no start', { from: '' }, { from: 'time' }],
  ['an end that is no time', { to: 'late' }, { to: 'time' }],
  ['an end before the start', { to: '2026-11-26T09:00' }, { to: 'notAfterStart' }],
  ['more than a month', { to: '2026-12-27T10:00' }, { to: 'tooLong' }],
  ['a year of another age', { from: '0026-11-26T10:00' }, { from: 'time', to: 'tooLong' }],
  ['a check that is none', { checks: ['fax'] }, { checks: 'checks' }],
  ['a check twice', { checks: ['telegram', 'telegram'] }, { checks: 'checks' }],
  ['no reason', { reason: ' ' }, { reason: 'textMissing' }],
  ['a long reason', { reason: 'x'.repeat(201) }, { reason: 'textLong' }],
  ['a reason with a NUL', { reason: 'a\u0000' }, { reason: 'textRefused' }],
] as const)('what is wrong is told at its field: %s', (_name, change, faults) => {
  expect(faultsOf(change)).toMatchObject(faults);
});

test('a note is refused in words, and another number of an incident is no matter of words', () => {
  const faultOf = (given: object) => {
    const input = AcknowledgeIncidentInput.safeParse(given);
    return input.success ? null : describeNoteFault(input.error);
  };
  expect(faultOf({ incidentId: 1, note: '  ' })).toBe('textMissing');
  expect(faultOf({ incidentId: 1, note: 'x'.repeat(501) })).toBe('textLong');
  expect(faultOf({ incidentId: 0, note: 'seen' })).toBeNull();
});

test('a refused form answers with what was typed', async () => {
  await expect(submitHealthForm(api, formOf([['intent', 'acknowledge'], ['incidentId', '7'], ['note', ' ']]))).resolves.toEqual({
    done: null, status: 400, answer: { kind: 'note', incidentId: 7, note: ' ', fault: 'textMissing' },
  });
  const late = { ...VALUES, to: '2026-11-26T09:00' };
  await expect(submitHealthForm(api, planForm(late))).resolves.toEqual({
    done: null, status: 400, answer: { kind: 'plan', values: late, faults: { to: 'notAfterStart' }, conflict: null },
  });
});

test('a window that would be over is told at its end', async () => {
  const past = { ...VALUES, from: '2026-11-19T10:00', to: '2026-11-19T11:00' };
  await expect(submitHealthForm(api, planForm(past))).resolves.toMatchObject({ status: 400, answer: { kind: 'plan', values: past, faults: { to: 'past' } } });
});

test('forms that no page of ours sends are refused', async () => {
  for (const entries of [[['intent', 'burn']], [['intent', 'end'], ['windowId', 'x']], [['intent', 'acknowledge'], ['incidentId', '0'], ['note', 'x']], []] as const) {
    await expect(submitHealthForm(api, formOf(entries))).rejects.toMatchObject({ init: { status: 400 } });
  }
});

test('what is right gets as far as the database', async () => {
  for (const form of [planForm(VALUES), formOf([['intent', 'acknowledge'], ['incidentId', '7'], ['note', 'seen']]), formOf([['intent', 'end'], ['windowId', '3']]), formOf([['intent', 'delete'], ['windowId', '3']])]) {
    await expect(submitHealthForm(api, form)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  }
});

test('the address tells what was done, in the same range, and each section only its own', () => {
  const path = donePath('http://localhost/monitoring/health?range=30d&cursor=abc', 'ended');
  expect(path).toBe('/monitoring/health?range=30d&cursor=abc&done=ended#maintenance');
  const { search } = new URL(path, 'http://localhost');
  expect([findDone(search, 'maintenance'), findDone(search, 'incidents'), findDone('?done=toString', 'incidents')]).toEqual(['ended', null, null]);
});

test('since when a check is as it is, its newest incident tells', () => {
  const incident = (check: IncidentRow['check'], startedAt: string, recoveredAt: string | null): IncidentRow => ({
    incidentId: 1, check, startedAt, openedAt: startedAt, recoveredAt, durationMs: 1, code: 'timed_out', detail: '3', acknowledgedAt: null, acknowledgedBy: null, note: null, maintenanceWindowId: null,
  });
  const rows = [incident('telegram', '2026-11-03T00:00:00Z', null), incident('telegram', '2026-11-02T00:00:00Z', '2026-11-02T01:00:00Z'), incident('database', '2026-11-01T00:00:00Z', '2026-11-01T01:00:00Z')];
  expect([...sinceByCheck({ rows })]).toEqual([
    ['telegram', { at: '2026-11-03T00:00:00Z', isDown: true }],
    ['database', { at: '2026-11-01T01:00:00Z', isDown: false }],
  ]);
});
