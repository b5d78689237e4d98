import { asc } from 'drizzle-orm';
import { openDatabase, type Database, type DatabaseHandle } from '#db/client.ts';
import { incidents, type Incident } from '#db/schema/index.ts';
import type { HealthCheckName, HealthState } from '#server/contracts/vocabulary.ts';
import { createLogger } from '#server/lib/logger.ts';
import { addSamples } from '#server/services/health/add-samples.ts';
import { createHistoryWriter, type HealthHistoryWriter } from '#server/services/health/history-writer.ts';
import { IncidentTracker } from '#server/services/health/incident-tracker.ts';
import { createSampleRecorder, type SampleRecorder } from '#server/services/health/sample-recorder.ts';
import type { HealthSample, IncidentChange } from '#server/services/health/types.ts';
import { registerProcess } from '#server/services/processes/register-process.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { startPostgresLink, type PostgresLink } from './postgres-link.ts';

export const NOON = new Date('2026-11-18T12:00:00Z');
export const ADMIN_ID = 41;

/** A sample of a check; what a failed one says does not matter to most tests. */
export function sampleOf(check: HealthCheckName, state: HealthState, latencyMs = 5): HealthSample {
  return { check, state, code: state === 'healthy' ? `${check}_ok` : 'timed_out', detail: state === 'unhealthy' ? '3' : null, latencyMs };
}

/** A run of the program as far as its history goes. */
export interface HistoryProcess {
  readonly id: number;
  readonly db: Database;
  readonly link: PostgresLink;
  readonly recorder: SampleRecorder;
  readonly tracker: IncidentTracker;
  readonly writer: HealthHistoryWriter;
  /** What was told, oldest first: kind, check, the id as it was then. */
  readonly told: readonly { readonly change: IncidentChange; readonly id: number | null }[];
  /** Kinds and checks of what was told. */
  news(): string[];
  /** Writes as the program does every few seconds; false when Postgres does not answer. */
  write(): Promise<boolean>;
  close(): Promise<void>;
}

/** A database, the processes that write to it, and their time. */
export interface HistoryRig {
  readonly database: TestDatabase;
  readonly db: Database;
  readonly clock: { now(): Date };
  readonly reportingTimeZone: string;
  setNow(at: Date): void;
  /** Moves time ahead. */
  wait(ms: number): void;
  /** `storeWaitMs`: how long an incident waits for Postgres before it is told without it. */
  startProcess(options?: { readonly storeWaitMs?: number }): Promise<HistoryProcess>;
  /** Samples a check so often, each so long after the one before, in every process given. */
  sample(processes: readonly HistoryProcess[], check: HealthCheckName, state: HealthState, times: number, everyMs: number): void;
  incidents(): Promise<Incident[]>;
  close(): Promise<void>;
}

export async function startHistoryRig(at: Date = NOON): Promise<HistoryRig> {
  const database = await createTestDatabase();
  const { db } = database.handle;
  const started: HistoryProcess[] = [];
  let nowMs = at.getTime();
  const clock = { now: () => new Date(nowMs) };
  return {
    database,
    db,
    clock,
    reportingTimeZone: 'Europe/Moscow',
    setNow: (to) => void (nowMs = to.getTime()),
    wait: (ms) => void (nowMs += ms),
    async startProcess({ storeWaitMs = STORE_WAIT_MS } = {}) {
      const process = await startProcess(database, clock, storeWaitMs);
      started.push(process);
      return process;
    },
    sample(processes, check, state, times, everyMs) {
      for (let time = 0; time < times; time += 1) {
        nowMs += everyMs;
        for (const { writer } of processes) writer.onSample(sampleOf(check, state));
      }
    },
    incidents: () => db.select().from(incidents).orderBy(asc(incidents.startedAt), asc(incidents.id)),
    async close() {
      for (const process of started) await process.close();
      await database.drop();
    },
  };
}

/** Longer than a Postgres that answers ever takes, however busy the machine is. */
const STORE_WAIT_MS = 10_000;

async function startProcess(database: TestDatabase, clock: { now(): Date }, storeWaitMs: number): Promise<HistoryProcess> {
  const link = await startPostgresLink(database.url);
  const handle: DatabaseHandle = openDatabase({ url: link.url, maxConnections: 3, applicationName: 'adtrobot-test' });
  const { db } = handle;
  const id = await registerProcess(db, { version: 'test', now: clock.now() });
  const told: { change: IncidentChange; id: number | null }[] = [];
  const logger = createLogger('silent');
  const onIncidentChange = (change: IncidentChange) => void told.push({ change, id: change.incident.id });
  const recorder = createSampleRecorder({ processId: id, clock, add: (batch) => addSamples(db, batch, clock.now()) });
  const tracker = new IncidentTracker({ db, processId: id, clock, logger, onIncidentChange, storeWaitMs });
  return {
    id,
    db,
    link,
    recorder,
    tracker,
    writer: createHistoryWriter({ recorder, tracker, logger }),
    told,
    news: () => told.map(({ change }) => `${change.kind} ${change.incident.check}`),
    write: () =>
      recorder
        .flush()
        .then(() => tracker.sync())
        .then(() => true, () => false),
    async close() {
      await link.close();
      await handle.close();
    },
  };
}
