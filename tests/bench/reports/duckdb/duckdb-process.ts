import { DuckDBInstance } from '@duckdb/node-api';
import { toRow } from '../engine.ts';
import { answerQuestions } from '../questions.ts';
import { handOver } from './hand-over.ts';

/*
 * DuckDB in a process of its own, so that its memory is its own. Arguments: its file, and the database to copy from.
 */
const [file = '', databaseUrl = ''] = process.argv.slice(2);
const note = (line: string) => process.stderr.write(`${line}\n`);

const instance = await DuckDBInstance.create(file);
const connection = await instance.connect();
await connection.run(`set timezone = 'UTC'`);

const handlers = {
  fill: async () => {
    await handOver(databaseUrl, connection, `${file}.csv`, note);
    return null;
  },
  ask: async (statement: unknown) => {
    const reader = await connection.runAndReadAll(String(statement).replaceAll('timestamptz', 'timestamp'));
    return reader.getRowObjectsJS().map(toRow);
  },
};
answerQuestions(handlers, async () => {
  connection.closeSync();
  instance.closeSync();
});
