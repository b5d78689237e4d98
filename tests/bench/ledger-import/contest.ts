import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type postgres from 'postgres';
import type { Contest } from '../contest.ts';
import { generateLog } from './generate-log.ts';
import { runImport } from './run-import.ts';

const LOG_LINE_COUNT = 1_000_000;
const SHORT_LOG_LINE_COUNT = 1_000;
const SEED = 1;
const MODEL = 'bench/model';
const CONDITIONS =
  `${LOG_LINE_COUNT} lines in the shape of the Azure trace, one known price; ` +
  'embedded Postgres that runs already, every commit durable, the ledger empty at first';

interface ImportBench {
  readonly sql: postgres.Sql;
  /** Of the Postgres that runs; the logs are written there too. */
  readonly dataDir: string;
  readonly roundCount: number;
}

/** Lines per second of a whole import, process start included, against a bare COPY of the very rows that it makes, with all indexes of the ledger. */
export async function createImportContest({ sql, dataDir, roundCount }: ImportBench): Promise<Contest> {
  const logFile = join(dataDir, 'usage.csv');
  const dumpFile = join(dataDir, 'rows.copy');
  await sql`set statement_timeout = 0`;
  await sql`insert into model_prices (model, valid_from, prompt_usd, completion_usd) values (${MODEL}, '2024-01-01', 0.0000003, 0.0000025)`;
  await generateLog(logFile, LOG_LINE_COUNT, SEED);
  await runImport(dataDir, logFile, LOG_LINE_COUNT, MODEL);
  await pipeline(await sql`copy ai_usage to stdout`.readable(), createWriteStream(dumpFile));
  const perSecond = (work: () => Promise<unknown>) => async () => {
    await sql`truncate ai_usage cascade`;
    await sql`checkpoint`;
    const startedAt = performance.now();
    await work();
    return LOG_LINE_COUNT / ((performance.now() - startedAt) / 1_000);
  };
  return {
    name: 'Import of a usage log',
    conditions: CONDITIONS,
    unit: 'lines/s',
    isHigherBetter: true,
    roundCount,
    warmUpCount: 0,
    contestants: [
      { name: 'ledger:import', measure: perSecond(() => runImport(dataDir, logFile, LOG_LINE_COUNT, MODEL)) },
      { name: 'bare COPY of its rows', measure: perSecond(async () => pipeline(createReadStream(dumpFile), await sql`copy ai_usage from stdin`.writable())) },
    ],
  };
}

/** The most memory that an import takes, against one of a log a thousand times as short: what the program itself takes. */
export async function createImportMemoryContest({ sql, dataDir, roundCount }: ImportBench): Promise<Contest> {
  const [logFile, shortLogFile] = [join(dataDir, 'usage.csv'), join(dataDir, 'short.csv')];
  await generateLog(shortLogFile, SHORT_LOG_LINE_COUNT, SEED);
  const peakOf = (file: string, lineCount: number) => async () => {
    await sql`truncate ai_usage cascade`;
    return (await runImport(dataDir, file, lineCount, MODEL)).peakRssMb;
  };
  return {
    name: 'Import of a usage log, peak memory',
    conditions: CONDITIONS,
    unit: 'MiB',
    isHigherBetter: false,
    roundCount,
    warmUpCount: 0,
    contestants: [
      { name: 'ledger:import', measure: peakOf(logFile, LOG_LINE_COUNT) },
      { name: `a log of ${SHORT_LOG_LINE_COUNT} lines`, measure: peakOf(shortLogFile, SHORT_LOG_LINE_COUNT) },
    ],
  };
}
