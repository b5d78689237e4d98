import { sql, type SQL } from 'drizzle-orm';
import { instants } from './arrays.ts';

/** Rollups of five minutes, of hours, of days, of weeks. */
export const LEVELS = [0, 1, 2, 3] as const;
export type Level = (typeof LEVELS)[number];

/** A half-open span of instants as Postgres reads them, to the microsecond. */
export interface Span {
  readonly from: string;
  readonly to: string;
}

/**
 * How a range is put together: whole weeks, days, hours and five minutes from the rollups, and raw rows only where five minutes
 * are cut. Of weeks and days the spans are dates as midnight UTC.
 */
export interface Cover {
  readonly runs: Readonly<Record<Level, readonly Span[]>>;
  readonly raw: readonly Span[];
  /** What the runs cover as a whole: changes that are not folded yet count where they fall in here. */
  readonly folded: Span;
  /** Where each bucket begins: as instants, and as dates for days and weeks. */
  readonly starts: readonly string[];
  readonly startLabels: readonly string[];
}

/**
 * The rows of a table whose instant lies in one of some spans, as a relation `alias`. The fence (`offset 0`) has Postgres look into an
 * index once per span; left free, it takes a join by range for one that reads the whole table.
 */
export function rowsWithin(spans: readonly Span[], { table, at, alias, where = sql`true` }: RowsOptions): SQL {
  const [name, instant] = [sql.raw(alias), sql.raw(`${alias}.${at}`)];
  return sql`unnest(${instants(spans.map(({ from }) => from))}, ${instants(spans.map(({ to }) => to))}) as run(from_at, to_at)
    cross join lateral (select * from ${table} as ${name} where ${instant} >= run.from_at and ${instant} < run.to_at and ${where} offset 0) as ${name}`;
}

export interface RowsOptions {
  readonly table: SQL;
  /** The column with the instant. */
  readonly at: string;
  readonly alias: string;
  /** Which of the rows, told of `alias`; all unless given. */
  readonly where?: SQL;
}

/** The number, from 0, of the bucket in which an instant lies. */
export function bucketOf(at: SQL, { starts }: Pick<Cover, 'starts'>): SQL {
  return starts.length === 1 ? sql`0` : sql`width_bucket(${at}, ${instants(starts)}) - 1`;
}

/** The bucket of a rollup's row of one level. */
function bucketOfLevel(level: Level, cover: Cover): SQL {
  return bucketOf(sql`r.starts_at`, { starts: level >= 2 ? cover.startLabels : cover.starts });
}

export interface PartsOptions {
  /** The rollups' table; in the fragments it is `r`. */
  readonly rollups: SQL;
  /** What is read of a row of the rollups. */
  readonly columns: SQL;
  /** Which rows are read; all unless given. */
  readonly where?: SQL;
  /** What else is joined to `r`. */
  readonly join?: SQL;
  /** Further relations with the same columns behind `bucket`: changes that are not folded yet, and raw rows. */
  readonly rest: readonly SQL[];
}

/** All parts of a cover as one relation: `bucket`, then the columns. Sums over it are the sums over the raw rows. */
export function unionParts(cover: Cover, { rollups, columns, where = sql`true`, join = sql``, rest }: PartsOptions): SQL {
  // The first is there whatever it reads: it names the columns.
  const levels = LEVELS.filter((level) => level === 0 || cover.runs[level].length > 0);
  const branches = levels.map((level) => {
    const isWanted = sql`r.level = ${sql.raw(String(level))} and ${where}`;
    const rows = rowsWithin(cover.runs[level], { table: rollups, at: 'starts_at', alias: 'r', where: isWanted });
    return sql`select ${bucketOfLevel(level, cover)} as bucket, ${columns} from ${rows} ${join}`;
  });
  return sql.join([...branches, ...rest], sql` union all `);
}

/** Whether a change that is not folded yet counts. */
export function isFoldedSpan(at: SQL, { folded }: Cover): SQL {
  return sql`${at} >= ${folded.from}::timestamptz and ${at} < ${folded.to}::timestamptz`;
}
