import type { Database } from '#db/client.ts';
import { processes } from '#db/schema/index.ts';

/** Puts this run of the program on record and returns its id, which all that it writes carries. */
export async function registerProcess(db: Database, { version, now }: { readonly version: string; readonly now: Date }): Promise<number> {
  const [row] = await db.insert(processes).values({ startedAt: now, lastSeenAt: now, version }).returning({ id: processes.id });
  if (!row) throw new Error('a process was not put on record');
  return row.id;
}
