import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { openDatabase } from '#db/client.ts';
import type { NewJournalEntry } from '#server/sandbox/openrouter/journal-entry.ts';
import { importJournal } from '#server/sandbox/history/import-journal.ts';
import { planHistory, type PastEvent } from '#server/sandbox/history/plan-history.ts';
import type { CrowdPast } from '#server/sandbox/supervisor.ts';
import { makePartitions } from '#server/services/maintenance/make-partitions.ts';
import type { Config } from '../config.ts';
import { SingleFlight } from '../lib/single-flight.ts';
import { PastUse, type PastUseDeps } from './past-use.ts';
import { premiumPriceOf } from './premium-price.ts';
import type { Print } from './print.ts';

interface HistoryDeps extends Pick<PastUseDeps, 'models' | 'pseudonymSecret' | 'reportingTimeZone' | 'llm' | 'logger'> {
  readonly config: Config;
  readonly databaseUrl: string;
  readonly openRouterControlUrl: string;
  readonly now: Date;
  readonly print: Print;
  readonly signal: AbortSignal;
}

const Progress = z.object({ until: z.coerce.date(), doneUntil: z.coerce.date().nullable() });
type Progress = z.infer<typeof Progress>;

/** People whose events happen at the same time, each lane in order. */
const LANE_COUNT = 6;
const DAYS_PER_PROGRESS_LINE = 5;

/**
 * Lays down the sandbox's past on its first start, through the same services that serve the present, with their clock set
 * back. A start that was cut off is taken up on the day after the one that it had begun. Returns which days it was.
 */
export async function layDownHistory(deps: HistoryDeps): Promise<CrowdPast> {
  const { SANDBOX_HISTORY_DAYS: days, SANDBOX_USERS: userCount, SANDBOX_SEED: seed, DATA_DIR } = deps.config.values;
  const file = join(DATA_DIR, 'sandbox', 'history.json');
  const { until, doneUntil } = await readProgress(file, deps.now);
  const events = planHistory({ seed, days, userCount, until }).filter(({ at }) => !doneUntil || at > doneUntil);
  const [first] = events;
  if (!first) return { days, until };
  const handle = openDatabase({ url: deps.databaseUrl, isCommitDurable: false, applicationName: 'adtrobot-history' });
  try {
    await makePartitions(handle.db, first.at, until);
    for (const [index, day] of splitIntoDays(events).entries()) {
      deps.signal.throwIfAborted();
      if (index % DAYS_PER_PROGRESS_LINE === 0) deps.print(`Laying down ${days} days of past use… ${day.date}`);
      await writeProgress(file, { until, doneUntil: day.endsAt });
      await importJournal(deps.openRouterControlUrl, await replay({ ...deps, db: handle.db, seed }, day.events));
    }
  } finally {
    await handle.close();
  }
  await writeProgress(file, { until, doneUntil: until });
  return { days, until };
}

/** Makes the events of a day happen; returns what they were billed. */
async function replay(deps: HistoryDeps & Pick<PastUseDeps, 'db' | 'seed'>, events: readonly PastEvent[]): Promise<readonly NewJournalEntry[]> {
  const billed: NewJournalEntry[] = [];
  const flights: PastUseDeps['flights'] = new SingleFlight();
  const askedCounts = new Map<string, number>();
  const lanes = Array.from({ length: LANE_COUNT }, async (_, lane) => {
    const past = new PastUse({ ...deps, price: premiumPriceOf(deps.config), flights, askedCounts, onBilled: (entry) => billed.push(entry) });
    for (const event of events) if (event.member.person.id % LANE_COUNT === lane) await past.happen(event);
  });
  await Promise.all(lanes);
  return billed;
}

function splitIntoDays(events: readonly PastEvent[]) {
  const byDate = Map.groupBy(events, ({ at }) => at.toISOString().slice(0, 10));
  return [...byDate].map(([date, ofDay]) => ({ date, events: ofDay, endsAt: new Date(Date.parse(date) + 86_400_000 - 1) }));
}

async function readProgress(file: string, now: Date): Promise<Progress> {
  await mkdir(dirname(file), { recursive: true });
  try {
    return Progress.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    const fresh = { until: now, doneUntil: null };
    await writeProgress(file, fresh);
    return fresh;
  }
}

/** Whole or not at all: a start that is killed in here must not lay the same past down twice. */
async function writeProgress(file: string, progress: Progress): Promise<void> {
  await writeFile(`${file}.draft`, JSON.stringify(progress));
  await rename(`${file}.draft`, file);
}
