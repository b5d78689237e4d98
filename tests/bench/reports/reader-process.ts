import { z } from 'zod';
import { openDatabase } from '#db/client.ts';
import { OUR_REPORTS } from './ours/our-reports.ts';
import { answerQuestions } from './questions.ts';

/*
 * Reads our reports in a process of its own, whose memory is that of a server that reports. Arguments: the database, and the
 * instant that is now.
 */
const Measure = z.object({ report: z.string(), roundCount: z.int() });

const [databaseUrl = '', now = ''] = process.argv.slice(2);
const handle = openDatabase({ url: databaseUrl, applicationName: 'adtrobot-bench' });
const deps = { db: handle.db, hasSpare: () => handle.hasSpare(), clock: { now: () => new Date(now) }, reportingTimeZone: 'UTC' };
await handle.db.execute('select 1');

let peakBytes = 0;
/** The most that was seen so far. */
const watchMemory = () => (peakBytes = Math.max(peakBytes, process.memoryUsage.rss()));

const handlers = {
  memory: () => Promise.resolve(watchMemory()),
  figures: async (report: unknown) => {
    const tell = await find(report)(deps);
    return tell();
  },
  measure: async (input: unknown) => {
    const { report, roundCount } = Measure.parse(input);
    const values: number[] = [];
    const read = find(report);
    for (let round = 0; round < roundCount; round += 1) {
      const startedAt = performance.now();
      await read(deps);
      values.push(performance.now() - startedAt);
      watchMemory();
    }
    return values;
  },
};
answerQuestions(handlers, () => handle.close());

function find(name: unknown) {
  const report = Object.entries(OUR_REPORTS).find(([known]) => known === name)?.[1];
  if (!report) throw new Error(`there is no report ${String(name)}`);
  return report;
}
