import type { AnyRouter } from '@trpc/server';
import type postgres from 'postgres';
import { EXPORT_TABLES, RAW_EXPORTS, type ExportReport, type ExportRequest, type OpenedExport } from '#server/contracts/export.ts';
import type { Person } from '#server/sandbox/telegram/control-schemas.ts';
import type { TrpcContext } from '#server/trpc/context.ts';
import { appRouter, createCaller } from '#server/trpc/router.ts';

/** Somebody of whom everything is recognisable wherever it turns up. */
export const CANARY: Person = { id: 7_413_579_246, firstName: 'Канарейкина', languageCode: 'en' };
export const CANARY_QUESTION = 'Will the quokka of Ivanteevka ever forgive me?';
/** The only place of its name. */
export const CANARY_PLACE = 'Усть-Нера';

/** What must be found nowhere: each is part of nothing else. */
export const CANARIES: readonly string[] = [
  String(CANARY.id),
  CANARY.firstName,
  'quokka of Ivanteevka',
  '1931-07-1',
  'July 19, 1931',
  CANARY_PLACE,
  'Ust-Nera',
  '64.56968',
  '143.237',
];

/** The canaries that a text holds. */
export function canariesIn(text: string): string[] {
  return CANARIES.filter((canary) => text.includes(canary));
}

/**
 * The columns of the whole database that hold a canary, as `table.column`. Every column of every table of every schema is read as
 * text, so that what is added later is looked at too.
 */
export async function scanDatabase(sql: postgres.Sql): Promise<string[]> {
  const columns = await sql<{ schema: string; table: string; columns: string[] }[]>`
    select c.table_schema as schema, c.table_name as table, array_agg(c.column_name::text) as columns
    from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
    where t.table_type = 'BASE TABLE' and c.table_schema not in ('pg_catalog', 'information_schema')
    group by 1, 2 order by 1, 2`;
  const patterns = CANARIES.map((canary) => `%${canary}%`);
  const found: string[] = [];
  for (const { schema, table, columns: names } of columns) {
    for (const name of names) {
      const [hit] = await sql`select 1 from ${sql(schema)}.${sql(table)} where ${sql(name)}::text like any(${patterns}) limit 1`;
      if (hit) found.push(`${table}.${name}`);
    }
  }
  return found;
}

/** What every query of the API answers to each of the inputs, as JSON, by its path; refusals too. Mutations and streams are left out. */
export async function readReports(context: TrpcContext, inputs: readonly unknown[]): Promise<Map<string, readonly string[]>> {
  const caller = createCaller(context);
  const router: AnyRouter = appRouter;
  const answers = new Map<string, readonly string[]>();
  for (const [path, procedure] of Object.entries(router._def.procedures)) {
    if (Reflect.get(Object(Reflect.get(Object(procedure), '_def')), 'type') !== 'query') continue;
    const call = path.split('.').reduce<unknown>((part, key) => Reflect.get(Object(part), key), caller);
    if (typeof call !== 'function') throw new Error(`there is no procedure ${path}`);
    const ask = async (input: unknown): Promise<unknown> => call(input);
    const told = inputs.map((input) => ask(input).then((answer) => `answer ${JSON.stringify(answer)}`, (error: unknown) => `refusal ${String(error)}`));
    answers.set(path, await Promise.all(told));
  }
  return answers;
}

/** Every table of every report in every format, and all raw rows, of a range, as they are sent; by name. */
export async function readExports(open: (request: ExportRequest) => Promise<OpenedExport>, range: Readonly<Record<string, string>>): Promise<Map<string, string>> {
  const reports = (Object.keys(EXPORT_TABLES) as ExportReport[]).flatMap((name) => [
    { name, query: { format: 'json' } },
    ...EXPORT_TABLES[name].map((table) => ({ name, query: { format: 'csv', table } })),
  ]);
  const sent = new Map<string, string>();
  for (const { name, query } of [...reports, ...RAW_EXPORTS.map((name) => ({ name, query: {} }))]) {
    const { source } = await open({ name, query: new URLSearchParams({ ...range, ...query }), language: 'en' });
    const chunks: Uint8Array[] = [];
    for await (const chunk of source) chunks.push(chunk);
    sent.set(`${name} ${JSON.stringify(query)}`, Buffer.concat(chunks).toString());
  }
  return sent;
}
