import { drizzle } from 'drizzle-orm/postgres-js';
import { z } from 'zod';
import type { Database } from '#db/client.ts';
import { connectPostgres } from '#db/connect.ts';
import * as schema from '#db/schema/index.ts';

/** A table that a statement read, and how: `rows` are all that were looked at, kept or not. */
export interface Scan {
  readonly table: string;
  readonly kind: string;
  readonly rows: number;
}

interface PlanNode {
  readonly [key: string]: unknown;
  readonly Plans?: readonly PlanNode[] | undefined;
}
const PlanNode: z.ZodType<PlanNode> = z.looseObject({ Plans: z.array(z.lazy(() => PlanNode)).optional() });
const Explained = z.tuple([z.looseObject({ Plan: PlanNode })]);

function scansOf(node: PlanNode): Scan[] {
  const number = (key: string) => Number(node[key] ?? 0);
  const table = node['Relation Name'];
  const rows = (number('Actual Rows') + number('Rows Removed by Filter') + number('Rows Removed by Index Recheck')) * number('Actual Loops');
  const own = typeof table === 'string' ? [{ table, kind: String(node['Node Type']), rows }] : [];
  return [...own, ...(node.Plans ?? []).flatMap(scansOf)];
}

/** Runs a report, then each of its statements once more to see which tables it reads and how. */
export async function readScans(url: string, read: (db: Database) => Promise<unknown>): Promise<Scan[]> {
  const asked: { readonly query: string; readonly params: unknown[] }[] = [];
  const client = connectPostgres(url, { max: 1, onnotice: () => undefined });
  try {
    await read(drizzle(client, { schema, logger: { logQuery: (query, params) => void asked.push({ query, params }) } }));
    const scans: Scan[] = [];
    for (const { query, params } of asked) {
      if (!/^\s*(select|with)\b/i.test(query)) continue;
      const [row] = await client.unsafe(`explain (analyze, timing off, format json) ${query}`, params.map((value) => (value === null ? null : String(value))));
      const told: unknown = row?.['QUERY PLAN'];
      scans.push(...scansOf(Explained.parse(typeof told === 'string' ? JSON.parse(told) : told)[0].Plan));
    }
    return scans;
  } finally {
    await client.end({ timeout: 5 });
  }
}
