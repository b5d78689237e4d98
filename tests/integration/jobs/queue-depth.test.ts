import { afterEach, beforeEach, expect, test } from 'vitest';
import { openQueueClient } from '#db/queue-client.ts';
import { createQueue } from '#server/jobs/queue.ts';
import { fixedClock } from '#server/lib/clock.ts';
import { createLogger } from '#server/lib/logger.ts';
import { readGauges } from '#server/services/reports/read-gauges.ts';
import { createEndedCounter } from '#server/services/reports/read-queue-depths.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { eventually } from '#tests/support/processes.ts';

const NOW = new Date('2026-11-20T12:00:00Z');
const NO_JOBS = { pending: 0, active: 0, failed: 0, completed: 0 };

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

const reports = () => ({ db: database.handle.db, clock: fixedClock(NOW), reportingTimeZone: 'UTC' });

/** So many updates of a status; those with a lease are worked on until that many seconds from now. */
async function fillInbox(status: 'pending' | 'done' | 'failed', count: number, leaseSeconds: number | null = null): Promise<void> {
  await database.handle.sql`
    insert into inbox (update_id, chat_id, payload, status, lease_until, available_at, received_at, finished_at)
    select coalesce((select max(update_id) from inbox), 0) + n, n, ${'{"text":"' + 'x'.repeat(800) + '"}'}::text::jsonb, ${status},
      ${NOW}::timestamptz + make_interval(secs => ${leaseSeconds}), ${NOW}, ${NOW}, case when ${status} = 'pending' then null else ${NOW}::timestamptz end
    from generate_series(1, ${count}) n`;
}

test('the inbox is counted by what waits, what a worker holds now, what failed and what is done; a lease that ran out waits', async () => {
  await fillInbox('pending', 5);
  await fillInbox('pending', 2, 30);
  await fillInbox('pending', 1, -30);
  await fillInbox('failed', 3);
  await fillInbox('done', 7);
  const { queueDepths, pendingUpdateCount } = await readGauges(reports());
  expect(queueDepths).toEqual({ inbox: { pending: 6, active: 2, failed: 3, completed: 7 }, deliver_alerts: NO_JOBS });
  expect(pendingUpdateCount).toBe(8);
});

test('jobs are counted by the tables of the queue: waiting, running, failed and done', async () => {
  const client = openQueueClient(database.url);
  const release = Promise.withResolvers<void>();
  const queue = createQueue({
    client,
    handlers: {
      deliver_alerts: async (data) => {
        if (JSON.stringify(data).includes('fails')) throw new Error('as asked');
        if (JSON.stringify(data).includes('waits')) await release.promise;
        return { outcome: 'ok', again: null };
      },
    },
    onJobEnded: () => undefined,
    logger: createLogger('silent'),
    options: { pollingIntervalSeconds: 0.5, retryLimit: 0 },
  });
  await queue.start();
  const depth = async () => (await readGauges(reports())).queueDepths.deliver_alerts;
  expect(await depth()).toEqual(NO_JOBS);
  await queue.send('deliver_alerts', { is: 'done' }, { key: 'a' });
  await eventually('a job to be done', async () => (await depth()).completed === 1);
  await queue.send('deliver_alerts', { is: 'fails' }, { key: 'b' });
  await eventually('a job to fail', async () => (await depth()).failed === 1);
  await queue.send('deliver_alerts', { is: 'waits' }, { key: 'c' });
  await queue.send('deliver_alerts', { is: 'later' }, { key: 'd', startAt: new Date(Date.now() + 60_000) });
  await eventually('a job to run', async () => (await depth()).active === 1);
  expect(await depth()).toEqual({ pending: 1, active: 1, failed: 1, completed: 1 });
  release.resolve();
  await queue.stop();
  await client.close();
});

test('what has ended is counted from indexes, without a look at the rows', async () => {
  await fillInbox('done', 20_000);
  await fillInbox('failed', 20);
  const { sql } = database.handle;
  // A page is known to be visible to all only once nobody's snapshot is older.
  await eventually('all pages to be visible', async () => {
    await sql`vacuum analyze inbox`;
    const [pages] = await sql<{ isVisible: boolean }[]>`select relallvisible = relpages as "isVisible" from pg_class where relname = 'inbox'`;
    return pages?.isVisible;
  });
  const planOf = async (statement: string) => JSON.stringify(await sql.unsafe(`explain (format json) ${statement}`));
  for (const statement of [`select count(*) from inbox where status = 'failed'`, `select count(finished_at) from inbox where status <> 'pending'`]) {
    const plan = await planOf(statement);
    expect(plan).toContain('Index Only Scan');
    expect(plan).not.toContain('Seq Scan');
  }
  expect((await readGauges(reports())).queueDepths.inbox).toEqual({ pending: 0, active: 0, failed: 20, completed: 20_000 });
});

test('counting what has ended rests a hundred times as long as it took', async () => {
  await fillInbox('done', 3);
  // Four readings of the clock: begin and end of a count, a moment too early, the end of the rest.
  const readings = [1_000, 1_010, 2_009, 2_010, 2_011];
  const count = createEndedCounter(() => readings.shift() ?? Infinity);
  const { db } = database.handle;
  expect(await count(db)).toEqual({ failed: 0, completed: 3 });
  await fillInbox('failed', 2);
  expect(await count(db)).toEqual({ failed: 0, completed: 3 });
  expect(await count(db)).toEqual({ failed: 2, completed: 3 });
});
