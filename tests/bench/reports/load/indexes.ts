import type postgres from 'postgres';

/** A thing that was dropped, and the statement that makes it again. */
interface Dropped {
  readonly drop: string;
  readonly create: string;
}

/**
 * Drops every index, key and foreign key of a table, and of others to it, so that rows come in at the speed of the disk.
 * Returns what makes all of it again, exactly as it was, or throws.
 */
export async function dropIndexes(sql: postgres.Sql | postgres.TransactionSql, table: string): Promise<() => Promise<void>> {
  const before = await listDefinitions(sql, table);
  for (const { drop } of before) await sql.unsafe(drop);
  return async () => {
    for (const { create } of before.toReversed()) await sql.unsafe(create);
    const after = await listDefinitions(sql, table);
    const [was, is] = [before, after].map((list) => list.map(({ create }) => create).sort());
    if (JSON.stringify(was) !== JSON.stringify(is)) throw new Error(`the indexes of ${table} are not what they were: ${JSON.stringify({ was, is })}`);
  };
}

/** In the order in which they can be dropped: foreign keys, keys, plain indexes. Those of partitions come and go with them. */
async function listDefinitions(sql: postgres.Sql | postgres.TransactionSql, table: string): Promise<Dropped[]> {
  const constraints = await sql`
    select conname, conrelid::regclass::text as owner, pg_get_constraintdef(oid) as definition
    from pg_constraint
    where conparentid = 0 and ((conrelid = ${table}::regclass and contype in ('p', 'u', 'x')) or (confrelid = ${table}::regclass and contype = 'f'))
    order by contype = 'f' desc, conname`;
  const indexes = await sql`
    select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
    from pg_index i where indrelid = ${table}::regclass and not exists (select from pg_constraint c where c.conindid = i.indexrelid and c.conrelid = i.indrelid)
    order by 1`;
  return [
    ...constraints.map(({ conname, owner, definition }) => ({
      drop: `alter table ${String(owner)} drop constraint "${String(conname)}"`,
      create: `alter table ${String(owner)} add constraint "${String(conname)}" ${String(definition)}`,
    })),
    // Of a partitioned table Postgres tells the definition that leaves the partitions out.
    ...indexes.map(({ name, definition }) => ({ drop: `drop index ${String(name)}`, create: String(definition).replace(' ON ONLY ', ' ON ') })),
  ];
}
