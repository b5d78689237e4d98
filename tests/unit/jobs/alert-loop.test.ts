import { afterEach, expect, test } from 'vitest';
import { createAlertLoop, type AlertLoop, type AlertLoopOptions } from '#server/jobs/alert-loop.ts';
import { createLogger } from '#server/lib/logger.ts';
import { createToldAlert, tellFromMemory, type ToldAlert } from '#server/services/alerts/told-alert.ts';
import type { AlertSenders, SendOutcome } from '#server/services/alerts/types.ts';
import type { ObservedIncident } from '#server/services/health/types.ts';

/*
 * The loop with tables that are made of promises: present, away, busy or hanging, as each test says.
 */
const TEXTS = { describeFinding: () => 'It fails.', timeZone: 'UTC', healthUrl: 'https://bot.example/h' };
const QUICK: AlertLoopOptions = { sweepMs: 30, hastyMs: 10, storeMs: 60 };

let loops: AlertLoop[] = [];
afterEach(async () => {
  await Promise.all(loops.map((loop) => loop.stop()));
  loops = [];
});

/** An outage that was opened so many seconds ago. */
function incident(check: ObservedIncident['check'], openedSecondsAgo: number, rest: Partial<ObservedIncident> = {}): ObservedIncident {
  const openedAt = new Date(Date.now() - openedSecondsAgo * 1_000);
  return { id: null, check, startedAt: openedAt, openedAt, recoveredAt: null, code: 'timed_out', detail: null, maintenanceWindowId: null, ...rest };
}

function start(raise: (except: readonly ObservedIncident[], signal: AbortSignal) => Promise<number | null>, send: () => Promise<SendOutcome> = async () => ({ isDelivered: true }), options = QUICK) {
  const told: string[] = [];
  const recorded: ToldAlert[] = [];
  const senders: AlertSenders = { webhook: async ({ checks }) => (told.push(checks.join()), send()) };
  const loop = createAlertLoop({
    raise,
    record: async (alerts) => void recorded.push(...alerts),
    createTold: (incidents) => createToldAlert(incidents, ['webhook'], TEXTS, new Date()),
    tell: (alert, signal) => tellFromMemory(alert, senders, () => new Date(), signal),
    clock: { now: () => new Date() },
    logger: createLogger('silent'),
    options,
  });
  loops.push(loop);
  loop.start();
  return { loop, told, recorded };
}
const away = () => Promise.reject(new Error('connection refused'));
const rounds = (count: number) => new Promise((resolve) => setTimeout(resolve, count * QUICK.sweepMs));
const until = async (isSo: () => boolean) => {
  while (!isSo()) await rounds(0.2);
};

test('while the tables are there nothing is told from memory, and they are looked at again and again', async () => {
  let looks = 0;
  const { loop, told } = start(async () => (looks += 1));
  loop.onIncidentChange({ kind: 'opened', incident: incident('database', 11, { id: 1 }) });
  await until(() => looks > 3);
  expect(told).toEqual([]);
});

test('a recovery is looked at without waiting', async () => {
  let looks = 0;
  // Without a reason the second look is an hour away.
  const { loop } = start(async () => (looks += 1), undefined, { ...QUICK, sweepMs: 3_600_000 });
  await until(() => looks > 0);
  loop.onIncidentChange({ kind: 'recovered', incident: incident('database', 100, { id: 1, recoveredAt: new Date() }) });
  await until(() => looks > 1);
});

test('while Postgres is away, outages are told from memory once, those of ten seconds together', async () => {
  const { loop, told } = start(away);
  loop.onIncidentChange({ kind: 'opened', incident: incident('database', 9.9) });
  loop.onIncidentChange({ kind: 'opened', incident: incident('scheduler', 2) });
  await until(() => told.length > 0);
  await rounds(3);
  expect(told).toEqual(['database,scheduler']);
});

test('an outage in a maintenance window is not told from memory', async () => {
  const { loop, told } = start(away);
  loop.onIncidentChange({ kind: 'opened', incident: incident('database', 11, { maintenanceWindowId: 3 }) });
  loop.onIncidentChange({ kind: 'opened', incident: incident('telegram', 11) });
  await until(() => told.length > 0);
  expect(told).toEqual(['telegram']);
});

test('Postgres that hangs counts as away, and is not asked a second time meanwhile', async () => {
  let asked = 0;
  const { loop, told } = start((_except, signal) => {
    asked += 1;
    return new Promise((_resolve, reject) => signal.addEventListener('abort', () => setTimeout(() => reject(new Error('late')), QUICK.sweepMs * 4)));
  });
  loop.onIncidentChange({ kind: 'opened', incident: incident('database', 11) });
  await until(() => told.length > 0);
  expect(asked).toBe(1);
  await until(() => asked > 1);
  expect(told).toEqual(['database']);
});

test('what was told is written down once its outages are on record, and left out of what is raised until then', async () => {
  let isAway = true;
  let id: number | null = null;
  const left: number[] = [];
  const { loop, told, recorded } = start(async (except) => {
    if (isAway) throw new Error('connection refused');
    return left.push(except.length);
  });
  const seen: ObservedIncident = { ...incident('database', 11), get id() { return id; } };
  loop.onIncidentChange({ kind: 'opened', incident: seen });
  await until(() => told.length > 0);
  isAway = false;
  await until(() => left.length > 2);
  expect(new Set(left)).toEqual(new Set([1]));
  id = 5;
  await until(() => recorded.length > 0);
  await rounds(3);
  expect(left.at(-1)).toBe(0);
  expect(recorded.map(({ checks, deliveries }) => [checks, deliveries[0]?.attemptCount, deliveries[0]?.deliveredAt !== null])).toEqual([[['database'], 1, true]]);
  expect(told).toEqual(['database']);
});

test('another process at the tables is waited for, not taken for an outage of Postgres', async () => {
  let looks = 0;
  const { loop, told } = start(async () => ((looks += 1) < 4 ? null : 1));
  loop.onIncidentChange({ kind: 'opened', incident: incident('database', 11, { id: 1 }) });
  await until(() => looks > 5);
  expect(told).toEqual([]);
});

test('an outage that the tables can be reached for and do not take is told from memory after a minute', async () => {
  const { loop, told } = start(async () => 0);
  loop.onIncidentChange({ kind: 'opened', incident: incident('openrouter', 59.9) });
  await until(() => told.length > 0);
  expect(told).toEqual(['openrouter']);
});

test('a channel that fails is tried again after a wait, not in every round', async () => {
  const { loop, told } = start(away, async () => ({ isDelivered: false, code: 'http_500', isRefused: false, retryAfterMs: null }));
  loop.onIncidentChange({ kind: 'opened', incident: incident('database', 11) });
  await until(() => told.length > 0);
  await rounds(5);
  expect(told).toEqual(['database']);
});

test('after a stop nothing is looked at and nothing is told', async () => {
  let looks = 0;
  const { loop, told } = start(() => ((looks += 1), away()));
  await until(() => looks > 0);
  await loop.stop();
  const before = looks;
  loop.onIncidentChange({ kind: 'opened', incident: incident('database', 11) });
  await rounds(3);
  expect([looks, told]).toEqual([before, []]);
});
