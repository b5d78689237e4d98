import { afterEach, beforeEach, expect, test } from 'vitest';
import { observeJobs, startQueue } from '#server/compose/create-queue.ts';
import { fixedClock } from '#server/lib/clock.ts';
import { recordJobRun } from '#server/services/jobs/record-job-run.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { createParts } from '#tests/support/parts.ts';
import { eventually } from '#tests/support/processes.ts';

const NOW = new Date('2026-11-20T12:00:00Z');

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

const readRuns = () => database.handle.sql`select at, weight, kind, name, outcome, duration_ms from job_deltas order by at`;
const counted = async ({ metrics }: ReturnType<typeof createParts>) => (await metrics.render(null, null)).body.toString().match(/^adtrobot_jobs_total\{.*/gm);

test('a run is on record under its start, in whole milliseconds', async () => {
  await recordJobRun(database.handle.db, { job: 'deliver_alerts', outcome: 'retried', durationMs: 1_500.6, endedAt: NOW });
  expect([...(await readRuns())]).toEqual([{ at: new Date('2026-11-20T11:59:58.499Z'), weight: 1, kind: 'job', name: 'deliver_alerts', outcome: 'retried', duration_ms: 1_501 }]);
});

test('each attempt that the queue ends is on record, the one that is tried again and the one that does it', async () => {
  const parts = createParts({ database });
  let calls = 0;
  const handler = async () => {
    calls += 1;
    return calls === 1 ? ({ outcome: 'retried', again: { key: 'later' } } as const) : ({ outcome: 'ok', again: null } as const);
  };
  const queue = await startQueue(parts, { deliver_alerts: handler }, fixedClock(NOW));
  await queue.send('deliver_alerts', {}, { key: 'a' });
  await eventually('both attempts to be on record', async () => (await readRuns()).length === 2);
  expect((await readRuns()).map((run) => run['outcome']).toSorted()).toEqual(['ok', 'retried']);
  await parts.lifecycle.stop();
});

test('a stop waits for what is being written', async () => {
  const parts = createParts({ database });
  const observe = observeJobs(parts, fixedClock(NOW));
  for (let index = 0; index < 20; index += 1) observe({ job: 'deliver_alerts', outcome: 'ok', durationMs: index });
  await parts.lifecycle.stop();
  expect(await readRuns()).toHaveLength(20);
});

test('a record that cannot be written is missed by the reports, and neither hinders the job nor its counter', async () => {
  const parts = createParts({ database });
  await database.handle.sql`alter table job_deltas rename to gone`;
  const observe = observeJobs(parts, fixedClock(NOW));
  expect(() => observe({ job: 'deliver_alerts', outcome: 'ok', durationMs: 5 })).not.toThrow();
  await parts.lifecycle.stop();
  expect(await counted(parts)).toContain('adtrobot_jobs_total{job="deliver_alerts",outcome="ok"} 1');
});
