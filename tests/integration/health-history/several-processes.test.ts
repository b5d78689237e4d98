import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { incidents, processes } from '#db/schema/index.ts';
import { NOON, startHistoryRig, type HistoryProcess, type HistoryRig } from '#tests/support/health-history.ts';

const SECOND = 1_000;
const MINUTE = 60_000;

let rig: HistoryRig;
let first: HistoryProcess;
let second: HistoryProcess;
beforeEach(async () => {
  rig = await startHistoryRig();
  [first, second] = [await rig.startProcess(), await rig.startProcess()];
  await writeAll();
});
afterEach(() => rig.close());

const writeAll = async () => {
  await first.write();
  await second.write();
};
const openRows = async () => (await rig.incidents()).filter(({ recoveredAt }) => recoveredAt === null);
const after = (ms: number) => new Date(NOON.getTime() + ms);

/** Both processes write every so often while nothing is sampled. */
async function live(processes: readonly HistoryProcess[], ms: number): Promise<void> {
  for (let passedMs = 0; passedMs < ms; passedMs += 5 * SECOND) {
    rig.wait(5 * SECOND);
    for (const process of processes) await process.write();
  }
}

test('an outage that all see is on record once, and told by one', async () => {
  rig.sample([first, second], 'openrouter', 'unhealthy', 3, MINUTE);
  await writeAll();
  rig.sample([first, second], 'openrouter', 'healthy', 3, MINUTE);
  await writeAll();
  expect(await rig.incidents()).toHaveLength(1);
  expect([...first.news(), ...second.news()]).toEqual(['opened openrouter', 'recovered openrouter']);
});

test('what one process sees and another does not, only that one ends', async () => {
  rig.sample([first], 'openrouter', 'unhealthy', 3, MINUTE);
  rig.sample([second], 'openrouter', 'healthy', 5, MINUTE);
  await writeAll();
  expect(await openRows()).toMatchObject([{ processId: first.id }]);
  rig.sample([first], 'openrouter', 'healthy', 3, MINUTE);
  await writeAll();
  expect(await openRows()).toEqual([]);
});

test('who still sees it fail when the one that wrote it says that it is over has an incident of its own', async () => {
  rig.sample([first, second], 'openrouter', 'unhealthy', 2, MINUTE);
  await writeAll();
  const [[writer, reader]] = first.news().length > 0 ? [[first, second]] : [[second, first]];
  for (let round = 0; round < 6; round += 1) {
    rig.sample([writer], 'openrouter', 'healthy', 1, 30 * SECOND);
    rig.sample([reader], 'openrouter', 'unhealthy', 1, 30 * SECOND);
    await writeAll();
  }
  expect((await rig.incidents()).map(({ processId, recoveredAt }) => [processId, recoveredAt === null])).toEqual([[writer.id, false], [reader.id, true]]);
  expect(reader.news()).toEqual(['opened openrouter']);
});

test('an outage of Postgres that both recorded afterwards is one', async () => {
  for (const { link } of [first, second]) link.set('away');
  rig.sample([first, second], 'database', 'unhealthy', 5, SECOND);
  rig.sample([first, second], 'database', 'healthy', 65, SECOND);
  await expect.poll(() => [...first.news(), ...second.news()], { timeout: 15_000 }).toHaveLength(4);
  for (const { link } of [first, second]) link.set('up');
  await expect.poll(() => first.write()).toBe(true);
  await expect.poll(() => second.write()).toBe(true);
  expect(await rig.incidents()).toMatchObject([{ check: 'database', startedAt: after(SECOND), recoveredAt: after(6 * SECOND) }]);
});

test('after a restart the open incident of the dead process is taken over once it has been silent for a minute, and ends where the check was healthy', async () => {
  rig.sample([first], 'telegram', 'unhealthy', 3, MINUTE);
  await first.write();
  await first.close();
  const diedAt = rig.clock.now().getTime();
  const third = await rig.startProcess();
  rig.sample([third], 'telegram', 'healthy', 2, 20 * SECOND);
  await third.write();
  expect(await openRows()).toMatchObject([{ processId: first.id }]);
  await live([third], 30 * SECOND);
  expect(await openRows()).toMatchObject([{ processId: third.id }]);
  rig.sample([third], 'telegram', 'healthy', 1, 20 * SECOND);
  await third.write();
  const [incident] = await rig.incidents();
  expect(incident?.recoveredAt).toEqual(new Date(diedAt + 20 * SECOND));
  expect([first.news(), third.news()]).toEqual([['opened telegram'], ['recovered telegram']]);
});

test('taken over while it lasts, it goes on as the same incident', async () => {
  rig.sample([first], 'telegram', 'unhealthy', 3, MINUTE);
  await first.write();
  await first.close();
  await live([second], 70 * SECOND);
  expect(await openRows()).toMatchObject([{ processId: second.id }]);
  rig.sample([second], 'telegram', 'unhealthy', 4, MINUTE);
  await second.write();
  rig.sample([second], 'telegram', 'healthy', 4, MINUTE);
  await second.write();
  expect(await rig.incidents()).toMatchObject([{ startedAt: after(MINUTE) }]);
  expect(second.news()).toEqual(['recovered telegram']);
});

test('it lasted at least as long as the process that saw it', async () => {
  rig.sample([second], 'openrouter', 'healthy', 3, MINUTE);
  rig.sample([first], 'openrouter', 'unhealthy', 3, MINUTE);
  rig.sample([second], 'openrouter', 'healthy', 1, SECOND);
  await writeAll();
  const seenAt = rig.clock.now();
  await first.close();
  await live([second], 70 * SECOND);
  rig.sample([second], 'openrouter', 'healthy', 3, MINUTE);
  await second.write();
  const [incident] = await rig.incidents();
  expect(incident?.recoveredAt?.getTime()).toBeGreaterThanOrEqual(seenAt.getTime());
});

test('after an outage of Postgres nobody is taken for dead before it could be seen again', async () => {
  rig.sample([first], 'telegram', 'unhealthy', 3, MINUTE);
  await writeAll();
  rig.wait(10 * MINUTE);
  await second.write();
  expect(await openRows()).toMatchObject([{ processId: first.id }]);
  await live([first, second], 60 * SECOND);
  expect(await openRows()).toMatchObject([{ processId: first.id }]);
});

test('a process that was only silent learns that it is not its incident any more, and tells no end of it', async () => {
  rig.sample([first], 'telegram', 'unhealthy', 3, MINUTE);
  await first.write();
  await live([second], 70 * SECOND);
  expect(await openRows()).toMatchObject([{ processId: second.id }]);
  await first.write();
  rig.sample([first, second], 'telegram', 'healthy', 3, MINUTE);
  await writeAll();
  expect(await openRows()).toEqual([]);
  expect([first.news(), second.news()]).toEqual([['opened telegram'], ['recovered telegram']]);
});

test('an incident of a process that is not on record is nobody’s, and is taken over', async () => {
  rig.sample([first], 'telegram', 'unhealthy', 3, MINUTE);
  await first.write();
  await rig.db.delete(processes).where(eq(processes.id, first.id));
  await live([second], 20 * SECOND);
  expect(await openRows()).toMatchObject([{ processId: second.id }]);
});

test('an open incident of a check that nobody knows any more is left alone', async () => {
  await rig.db.insert(incidents).values({ check: 'fax', processId: 0, startedAt: NOON, openedAt: NOON, code: 'fax_down' });
  await live([first, second], 90 * SECOND);
  expect(await openRows()).toMatchObject([{ check: 'fax', processId: 0 }]);
});
