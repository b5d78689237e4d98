import type { DuckDBConnection } from '@duckdb/node-api';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type postgres from 'postgres';
import { connectPostgres } from '#db/connect.ts';
import { HANDED_OVER, type HandedOver } from './tables.ts';

const SLICE_MS = 10 * 86_400_000;

/** Copies the tables from Postgres into DuckDB, some days at a time through a file, so that the copy on its way stays small. */
export async function handOver(databaseUrl: string, duckdb: DuckDBConnection, csvFile: string, note: (line: string) => void): Promise<void> {
  for (const table of HANDED_OVER) {
    const columns = Object.entries(table.columns);
    await duckdb.run(`create table ${table.name} (${columns.map(([name, type]) => `"${name}" ${type}`).join(', ')})`);
    for (const [from, to] of await use(databaseUrl, (sql) => listSlices(sql, table))) {
      const told = columns.map(([name, type]) => (type === 'TIMESTAMP' ? `${name} at time zone 'UTC'` : name)).join(', ');
      const between = `${table.orderedBy} >= '${from.toISOString()}' and ${table.orderedBy} < '${to.toISOString()}'`;
      await use(databaseUrl, async (sql) => {
        const rows = await sql.unsafe(`copy (select ${told} from ${table.name} where ${between}) to stdout (format csv)`).readable();
        await pipeline(rows, createWriteStream(csvFile));
      });
      const types = columns.map(([name, type]) => `'${name}': '${type}'`).join(', ');
      const format = `header = false, auto_detect = false, delim = ',', quote = '"', escape = '"', columns = {${types}}`;
      await duckdb.run(`insert into ${table.name} select * from read_csv('${csvFile}', ${format})`);
    }
    note(`${table.name} handed over to DuckDB`);
  }
  await rm(csvFile, { force: true });
  await duckdb.run('checkpoint');
}

/** A connection for one piece of work: after a copy that was slowed down by its reader the driver no longer listens on it. */
async function use<T>(databaseUrl: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = connectPostgres(databaseUrl, { max: 1, onnotice: () => undefined });
  return work(sql).finally(() => sql.end({ timeout: 0 }));
}

async function listSlices(sql: postgres.Sql, { name, orderedBy }: HandedOver): Promise<[Date, Date][]> {
  const [row] = await sql.unsafe(`select min(${orderedBy}) as first_at, max(${orderedBy}) as last_at from ${name}`);
  const [first, last]: unknown[] = [row?.['first_at'], row?.['last_at']];
  const slices: [Date, Date][] = [];
  if (!(first instanceof Date && last instanceof Date)) return slices;
  for (let from = first.getTime(); from <= last.getTime(); from += SLICE_MS) slices.push([new Date(from), new Date(from + SLICE_MS)]);
  return slices;
}
